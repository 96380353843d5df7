"""The checks: each is one function that looks for one ailment in a `SearchRecord`."""

__all__ = ["edge", "ranges", "scores", "seed", "sign", "trials"]
