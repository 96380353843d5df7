"""Names of headings in links, as JupyterLab makes them."""

import re


def anchor(heading):
    """Return what a link to a heading ends with.

    Examples
    --------
    >>> anchor("How many trials? Before the search")
    'How-many-trials?-Before-the-search'
    """
    return re.sub(r"[`*]", "", heading).strip().replace(" ", "-")
