"""Two things to play with in a notebook: step through pictures, tune by hand.

`FrameStepper` shows prepared pictures one at a time. `tune_by_hand` is a game: find good
hyperparameters in a replay table with a few trials. Both leave a still picture in the
notebook for programs that can show no more.
"""

from tuneup_helpers.widgets.game import HandTuner, tune_by_hand
from tuneup_helpers.widgets.stepper import FrameStepper

__all__ = ["FrameStepper", "HandTuner", "tune_by_hand"]
