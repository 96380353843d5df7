"""Give each figure shown in a kernel an alternative text, made from its own titles and labels.

`execute_notebooks.py` runs this file when a kernel starts. The text is made when the figure is
shown, so that it holds what the titles say then, numbers and all.
"""


def describe(fig):
    """Write in one line what a figure says: titles, then what is drawn against what."""
    said = [fig.get_suptitle()]
    for ax in fig.axes:
        title = next(filter(None, map(ax.get_title, ("left", "center", "right"))), "")
        x, y = ax.get_xlabel(), ax.get_ylabel()
        against = f"{y} against {x}" if x and y else x or y
        said.append(f"{title} ({against})" if title and against else title or against)
    words = " ".join("; ".join(dict.fromkeys(filter(None, said))).split())
    return f"Figure: {words or 'see the text beside it'}"


def install(describe):
    """Let the inline backend send with each picture what `describe` says of its figure."""
    from matplotlib_inline import backend_inline

    fetch = backend_inline._fetch_figure_metadata

    def fetch_with_text(fig):
        return {**(fetch(fig) or {}), "image/png": {"alt": describe(fig)}}

    backend_inline._fetch_figure_metadata = fetch_with_text


if __name__ == "__main__":
    install(describe)
    del describe, install
