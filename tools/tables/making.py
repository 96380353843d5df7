"""What the scripts of this folder share: wanted parts, whole steps, files with checksums."""

import hashlib
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

DATA = Path(__file__).resolve().parents[2] / "data"

#: Scores that are not counts are stored as whole numbers of 1 / STEPS, from 0 to 1 in 16 bits.
#: A file that holds such scores says so in its entry ``steps``.
STEPS = 65_535


def choose(parts, wanted):
    """Return the names of the wanted parts in the order of `parts`; all if none is named.

    Raises
    ------
    ValueError
        If a name is not one of `parts`.
    """
    unknown = [name for name in wanted if name not in parts]
    if unknown:
        lines = "\n  ".join(parts)
        raise ValueError(f"no part {', '.join(map(repr, unknown))}; there are\n  {lines}")
    return [name for name in parts if name in wanted or not wanted]


def compute(parts, wanted=()):
    """Compute the wanted parts one by one, on one thread: more are slower on models this small.

    Parameters
    ----------
    parts : mapping of name to function
        Called without arguments.
    wanted : sequence of str, optional
        Names of parts; all by default.

    Yields
    ------
    name : str
    result
        What the function returned.
    """
    for name in choose(parts, wanted):
        start = time.process_time()
        with threadpool_limits(1):
            result = parts[name]()
        print(f"{name}: {time.process_time() - start:.0f} s", flush=True)
        yield name, result


def fill(name, parts, wanted=(), **always):
    """Compute parts of an npz file and write it after each; parts not wanted are kept.

    Parameters
    ----------
    name : str
        The file, below data/.
    parts : mapping of name to function
        Each returns a mapping of name to array: entries of the file.
    wanted : sequence of str, optional
        Names of parts; all by default, which begins the file anew.
    **always
        Entries that are written in any case.
    """
    stored = dict(np.load(DATA / name)) if wanted and (DATA / name).exists() else {}
    for _, entries in compute(parts, wanted):
        stored |= entries | always
        write_arrays(name, stored)


def write_arrays(name, arrays):
    """Write an npz file below data/, and the checksums."""
    path = DATA / name
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, **arrays)
    write_checksums()
    print(f"{name}: {path.stat().st_size} bytes", flush=True)


def write_checksums():
    """Write data/SHA256SUMS for every data file."""
    files = sorted([*DATA.glob("*.gz"), *DATA.glob("*.npz"), *DATA.glob("tables/*.npz")])
    lines = [
        f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(DATA).as_posix()}\n"
        for f in files
    ]
    (DATA / "SHA256SUMS").write_text("".join(lines))
