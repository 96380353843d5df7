"""Keep the frames of a lesson's steppers for the site, where they move without a kernel.

A notebook stores one still picture of a stepper. Its frames lie in `steppers/`, one file for each
lesson: a lossless animated WebP, in which a frame costs what it differs from the one before, and
beside it, as JSON, what is said below the frames.
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image

from tuneup_helpers.widgets import FrameStepper

FOLDER = Path(__file__).parent / "steppers"
MARK = "tuneup-stepper"
COLOURS = 64


def is_stepper(output):
    """Tell whether an output of a cell is a stepper with all its frames."""
    return MARK in "".join(output.get("data", {}).get("text/html", ""))


def stands_for_a_stepper(output):
    """Tell whether a stored output is the still picture of a stepper."""
    return "".join(output.get("data", {}).get("text/plain", "")).startswith("FrameStepper:")


def outputs(notebook):
    """Yield every output of a notebook."""
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def read(html):
    """Return the data of a stepper from its HTML."""
    text = "".join(html)
    begin = text.rindex('querySelector(".tuneup-stepper"), ') + len(
        'querySelector(".tuneup-stepper"), '
    )
    data, _ = json.JSONDecoder().raw_decode(text[begin:])
    return data


def picture(src):
    """Return a frame as a Pillow picture, in few colours."""
    raw = base64.b64decode(src.split(",", 1)[1])
    few = Image.open(io.BytesIO(raw)).convert("RGB")
    few = few.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    return few.convert("RGB")


def keep(notebook, name):
    """Write the frames of a notebook that was executed; without steppers no file is left."""
    FOLDER.mkdir(exist_ok=True)
    found = [read(o["data"]["text/html"]) for o in outputs(notebook) if is_stepper(o)]
    for number, data in enumerate(found, start=1):
        pictures = [picture(step.pop("src")) for step in data["steps"]]
        file = FOLDER / f"{name}-{number}.webp"
        pictures[0].save(
            file,
            save_all=True,
            append_images=pictures[1:],
            lossless=True,
            quality=100,
            method=6,
            duration=[100 + i for i in range(len(pictures))],  # equal frames stay apart
        )
        if len(load(file)) != len(pictures):
            raise ValueError(f"{file}: equal frames were merged")
        text = json.dumps(data, indent=1, ensure_ascii=False)
        file.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    for file in FOLDER.glob(f"{name}-*"):
        if int(file.stem.rsplit("-", 1)[1]) > len(found):
            file.unlink()


def load(file):
    """Return the frames of a file as Pillow pictures."""
    film = Image.open(file)
    pictures = []
    for i in range(film.n_frames):
        film.seek(i)
        pictures.append(film.convert("RGB"))
    return pictures


def subject(text):
    """Return what the first frame's description speaks of, as it was given; it may be empty."""
    return text.split(", step 1 of ")[0] if ", step 1 of " in text else ""


def stepper(name, number):
    """Return the HTML of a lesson's stepper, made from the files."""
    file = FOLDER / f"{name}-{number}.webp"
    said = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    images = []
    for frame in load(file):
        buffer = io.BytesIO()
        colours = len(np.unique(np.asarray(frame).reshape(-1, 3), axis=0))
        few = frame.quantize(
            min(colours, 256), method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        few.save(buffer, "PNG", optimize=True)
        images.append(buffer.getvalue())
    shown = FrameStepper(
        images,
        captions=[step["text"] for step in said["steps"]],
        interval=said["interval"],
        start=said["start"],
        alt=subject(said["steps"][0]["alt"]),
    )
    return shown._repr_html_()
