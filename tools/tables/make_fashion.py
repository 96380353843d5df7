"""Make data/fashion.npz: 6,000 pictures of Fashion-MNIST, reduced to 14 × 14 pixels.

    python tools/tables/make_fashion.py [FOLDER]

FOLDER holds the four files of the data set; Debian's package dataset-fashion-mnist puts them
into /usr/share/datasets/fashion-mnist, where they are looked for by default.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
from making import write_arrays

FOLDER = "/usr/share/datasets/fashion-mnist"
#: Pictures of each class: to train and validate on, and to test on.
N_TRAIN, N_TEST = 400, 200
SEED = 0


def read(folder, part):
    """Return the pictures, shape (n, 28, 28), and classes of one part of the data set."""
    pixels = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())[16:]
    classes = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())[8:]
    return np.frombuffer(pixels, np.uint8).reshape(-1, 28, 28), np.frombuffer(classes, np.uint8)


def reduce(pictures):
    """Replace each 2 × 2 pixels by their mean."""
    n, height, width = pictures.shape
    blocks = pictures.reshape(n, height // 2, 2, width // 2, 2)
    return np.rint(blocks.mean(axis=(2, 4))).astype(np.uint8)


def draw(pictures, classes, n_each, rng):
    """Draw the same number of pictures of each class, in random order."""
    chosen = [
        rng.choice(np.flatnonzero(classes == c), n_each, replace=False) for c in np.unique(classes)
    ]
    chosen = rng.permutation(np.concatenate(chosen))
    return reduce(pictures[chosen]), classes[chosen]


def main(folder):
    """Write the pictures with their checksum."""
    rng = np.random.default_rng(SEED)
    X_train, y_train = draw(*read(folder, "train"), N_TRAIN, rng)
    X_test, y_test = draw(*read(folder, "t10k"), N_TEST, rng)
    write_arrays(
        "fashion.npz",
        {"X_train": X_train, "y_train": y_train, "X_test": X_test, "y_test": y_test},
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else FOLDER))
