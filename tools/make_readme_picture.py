"""Draw the README's picture from the replay table: python tools/make_readme_picture.py."""

import io
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from tuneup_helpers import load_table, plot_best_so_far, plot_landscape

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def main():
    """Draw it and write it."""
    mpl.use("agg")
    mpl.rc_file(NOTEBOOKS / "matplotlibrc")
    table = load_table("svc_digits")
    trials = np.random.default_rng(0).integers(table.size, size=(200, 40))
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
    plot_landscape(table, ax=left, vmin=0.8)
    for point in map(table.params_at, trials[0, :12]):
        left.plot(point["C"], point["gamma"], "o", color="white", mec="black", ms=7)
    left.set_title("A real landscape, twelve random trials")
    plot_best_so_far(table.grid().ravel()[trials], ax=right, label="random")
    right.axhline(table.best.score, color="#666666", linestyle="--")
    right.text(20, table.best.score, "optimum", color="#666666", va="bottom")
    right.set(ylim=(0.6, 0.95))
    right.set_title("The mean of 200 replayed searches")
    buffer = io.BytesIO()
    fig.savefig(buffer, dpi=90)
    picture = Image.open(buffer).convert("RGB")
    target = NOTEBOOKS / "images" / "tune_up.png"
    target.parent.mkdir(exist_ok=True)
    picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        target, optimize=True
    )


if __name__ == "__main__":
    main()
