"""The thresholds that several checks share, with reasons; others stand above their check.

"Healthy" are searches of 20 to 100 trials on the tables of digits, whose optima lie inside: of 300
random ones none had a finding, of 300 by TPE and CMA-ES two.
"""

__all__ = ["ALPHA", "MIN_TRIALS", "NOISE", "RISE", "SPREAD"]

MIN_TRIALS = 12  # below, a share of the trials says little
ALPHA = 0.01  # a search has some ten ends to test: at 0.05 every other one would have a hit
NOISE = 0.05  # for a difference that has a second reason besides
RISE = 0.1  # a gain that counts, as a share of what the search has gained
SPREAD = 0.5  # of a range: trials in less of it lie in one place
