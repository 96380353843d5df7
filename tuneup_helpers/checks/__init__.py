"""The exercises: one file for each chapter or reference page, loaded by `tuneup_helpers.exercises`."""
