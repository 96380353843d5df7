"""The exercises: one file for each notebook, loaded by `tuneup_helpers.exercises`."""
