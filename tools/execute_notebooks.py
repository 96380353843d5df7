"""Execute notebooks top to bottom and store their outputs, the same bytes each time.

    python tools/execute_notebooks.py                          # all of them
    python tools/execute_notebooks.py notebooks/01*.ipynb      # some

What differs between runs and matters to nobody (times, widget ids, widget state) is not
stored. Pictures are reduced to 256 colours and carry an alternative text. Of a stepper the notebook
keeps a still picture; its frames go to a file for the site, see tools/site/frames.py. Cells tagged ``figure``, and cells tagged ``claim`` that show
nothing, are stored folded: JupyterLab and the site show a bar that opens them. A notebook that
fails is not written.
"""

import argparse
import base64
import io
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tools" / "site"))
import frames  # noqa: E402

FIGURE_TEXT = ROOT / "tools" / "figure_text.py"
VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# What JupyterLab writes when a notebook is opened: an untouched one stays as it is.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.11.7",
}
SITE_TAG = (
    "hide-input"  # the site folds the code of such a cell, as source_hidden does in JupyterLab
)


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


def is_folded(cell):
    """Tell whether a cell is stored collapsed: it only draws, or only asserts."""
    tags = cell.metadata.get("tags", [])
    return "figure" in tags or ("claim" in tags and not cell.get("outputs"))


def cell_metadata(cell):
    """Return what is kept of a cell's metadata: its tags, and whether it is collapsed."""
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != SITE_TAG]
    if not is_folded(cell):
        return {"tags": tags} if tags else {}
    return {"jupyter": {"source_hidden": True}, "tags": [*tags, SITE_TAG]}


def normalise(notebook):
    """Drop what changes from run to run, fold what is folded, in place."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(cell_metadata(cell))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(VIEW, None)
            if frames.is_stepper(output):
                data.pop("text/html")  # all frames; what is stored has the still picture
            if "image/png" in data:
                data["image/png"] = smaller(data["image/png"])
                text = output.metadata["image/png"]["alt"]
                output.metadata = nbformat.from_dict({"image/png": {"alt": text}})


def execute(path):
    """Execute one notebook and write it."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=[f"--InteractiveShellApp.exec_files={FIGURE_TEXT}"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    if path.parent == ROOT / "notebooks":
        frames.keep(notebook, path.stem)
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
