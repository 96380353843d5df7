"""How Sphinx builds the site: from stored outputs, with nothing that a page fetches elsewhere."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "Tune Up"
author = "the Tune Up authors"
project_copyright = "the Tune Up authors; text and figures CC BY 4.0, code BSD-3-Clause"
html_title = "Tune Up"
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
copybutton_selector = "div.cell_input pre, div.highlight-python pre, div.highlight-console pre"
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "anchors.anchor"
autodoc_typehints = "none"
add_module_names = False
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sphinx = False
mathjax_path = "mathjax/tex-chtml.js"
nb_ipywidgets_js = {}  # steppers are plain HTML here
html_theme_options = {
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
}
# The still picture of a stepper has a text form, too; nothing else is left out.
suppress_warnings = ["mystnb.unknown_mime_type"]
