"""Pictures as PNG: drawn without pyplot, kept small, written into HTML."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["base64_text", "image_tag", "new_figure", "png_size", "save_png", "still_bundle"]


def new_figure(figsize=None, dpi=None, layout=None) -> Figure:
    """Make a figure that pyplot does not know of, so that nothing shows it a second time.

    Parameters
    ----------
    figsize : tuple of float, optional
        Width and height in inches.
    dpi : float, optional
        Pixels per inch.
    layout : str, optional
        A layout engine of matplotlib.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> new_figure((2, 1), dpi=100).canvas.get_width_height()
    (200, 100)
    """
    figure = Figure(figsize=figsize, dpi=dpi, layout=layout)
    FigureCanvasAgg(figure)
    return figure


def save_png(canvas: FigureCanvasAgg) -> bytes:
    """Save what was drawn as a PNG with 256 colours, a third of the usual size.

    Parameters
    ----------
    canvas : FigureCanvasAgg
        The canvas of a figure, after ``canvas.draw()``.

    Returns
    -------
    bytes

    Examples
    --------
    >>> figure = new_figure((2, 1), dpi=100)
    >>> figure.canvas.draw()
    >>> png_size(save_png(figure.canvas))
    (200, 100)
    """
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    buffer = io.BytesIO()
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        buffer, "PNG", optimize=True
    )
    return buffer.getvalue()


def png_size(png: bytes) -> tuple[int, int]:
    """Read width and height in pixels from the header of a PNG."""
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def base64_text(png: bytes) -> str:
    """Write bytes as notebooks store them."""
    return base64.b64encode(png).decode()


def image_tag(png: bytes, alt: str) -> str:
    """Write a picture into HTML; its place is kept while the browser decodes it.

    Parameters
    ----------
    png : bytes
        The picture.
    alt : str
        What it shows, for readers who cannot see it.

    Returns
    -------
    str
        An ``<img>`` element.
    """
    width, height = png_size(png)
    return (
        f'<img src="data:image/png;base64,{base64_text(png)}" '
        f'alt="{html.escape(alt)}" width="{width}" height="{height}" decoding="sync" '
        'style="max-width: 100%; height: auto; background: white; border-radius: 4px">'
    )


def still_bundle(
    text: str, png: bytes, alt: str, live: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Offer one output in several forms, of which each reader's program takes what it can.

    Parameters
    ----------
    text : str
        One line that stands for the output where nothing is drawn.
    png : bytes
        A still picture, for programs that do not run widgets.
    alt : str
        What the picture shows.
    live : mapping of str to object
        The form that moves, by its MIME type.

    Returns
    -------
    tuple of dict
        Data and metadata, as IPython's ``_repr_mimebundle_`` returns them.
    """
    data = {**live, "text/plain": text, "image/png": base64_text(png)}
    return data, {"image/png": {"alt": alt}}
