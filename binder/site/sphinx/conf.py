"""Sphinx's settings for the book; `binder/site/book.py` lays out what it reads."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from binder.site.book import live_address

project = "The Messages API course"
author = "the course's authors"
language = "en"
extensions = ["myst_nb"]
nb_execution_mode = "off"
# Nothing is loaded from elsewhere; the outputs were made without widgets' scripts.
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
nb_render_markdown_format = "myst"
myst_heading_anchors = 4
myst_heading_slug_func = "binder.site.slugs.jupyter_slug"
myst_enable_extensions = ["html_image", "html_admonition"]
# Links to a lesson's file, or to an anchor, that lead nowhere end the build.
nitpicky = True
html_theme = "pydata_sphinx_theme"
html_title = project
html_show_sourcelink = False
html_copy_source = False
templates_path = ["templates"]
html_static_path = ["static"]
html_css_files = ["book.css"]
html_sidebars = {"**": ["lessons"]}
html_theme_options = {
    "navigation_with_keys": False,
    "show_prev_next": True,
    "navbar_center": [],
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "article_header_start": ["breadcrumbs"],
    "article_header_end": ["open-live"],
    "footer_start": ["about"],
    "footer_end": [],
    "logo": {"text": project},
    "secondary_sidebar_items": ["page-toc"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def setup(app):
    """Tell each page where its lesson runs."""
    app.connect(
        "html-page-context",
        lambda _app, page, _template, context, _tree: context.update(live=live_address(page)),
    )
