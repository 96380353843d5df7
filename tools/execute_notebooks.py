"""Execute notebooks top to bottom and store their outputs, the same bytes each time.

    python tools/execute_notebooks.py                          # all of them
    python tools/execute_notebooks.py notebooks/01_*.ipynb     # some

What differs between runs and matters to nobody (times, widget ids, widget state) is not
stored; pictures are reduced to 256 colours. A notebook that fails is not written.
"""

import argparse
import base64
import io
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def smaller(png):
    """Return a base64 PNG reduced to a palette, without metadata; never a larger one."""
    raw = base64.b64decode(png)
    picture = Image.open(io.BytesIO(raw)).convert("RGB")
    buffer = io.BytesIO()
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        buffer, "PNG", optimize=True
    )
    best = min(raw, buffer.getvalue(), key=len)
    return base64.b64encode(best).decode() + "\n"


def describe(source):
    """Make an alternative text for a picture from the titles that its cell gives it."""
    titles = re.findall(r'(?:set_title|suptitle)\(\s*f?"(.+?)"|title=f?"(.+?)"', source)
    return "Figure: " + ("; ".join(a or b for a, b in titles) or "see the text below")


def normalise(notebook):
    """Drop what changes from run to run, in place."""
    language = {"name": "python"}
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": language})
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(VIEW, None)
            if "image/png" in data:
                data["image/png"] = smaller(data["image/png"])
                given = output.metadata.get("image/png", {}).get("alt")
                output.metadata = nbformat.from_dict(
                    {"image/png": {"alt": given or describe(cell.source)}}
                )


def execute(path):
    """Execute one notebook and write it."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    normalise(notebook)
    nbformat.write(notebook, path)


def main():
    """Execute the notebooks named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    every = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("notebooks/solutions/*.ipynb")]
    failed = []
    for path in parser.parse_args().notebooks or sorted(every):
        start = time.perf_counter()
        try:
            execute(path.resolve())
        except CellExecutionError as error:
            failed.append(path)
            print(f"{path}: FAILED\n{error}")
        else:
            seconds = time.perf_counter() - start
            print(f"{path}: {seconds:.1f} s, {path.stat().st_size // 1024} kB", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
