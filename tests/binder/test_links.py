"""Every link and badge that points into this repository finds something."""

import pytest

from tests.binder.links import (
    REPOSITORY,
    SITE,
    URLS,
    addresses,
    broken_links,
    path_in_repository,
    strangers,
)
from tests.binder.requirements_files import ROOT

GITHUB = URLS["repository"]
BINDER = f"https://mybinder.org/v2/gh/{REPOSITORY}/main"
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "course/README.md"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_badge_belongs_to_this_repository(document):
    """Owner and repository are those of pyproject.toml, in badges, launchers and the site."""
    assert strangers((ROOT / document).read_text("utf-8")) == []


def test_the_site_is_where_pages_publishes_this_repository():
    """The home page that pyproject.toml names is the site of the repository that it names."""
    assert URLS["homepage"] == SITE


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/else/course/actions/workflows/test.yml/badge.svg",
        "https://mybinder.org/v2/gh/else/course/main",
        "https://else.github.io/course/",
        "https://codespaces.new/else/course",
    ],
)
def test_a_badge_of_another_repository_is_named(address):
    """A fork that changed some badges only is told which are left."""
    ours = f"[a]({GITHUB}/actions) [b]({BINDER}) [c]({SITE}live/) [d](https://github.com/else/x)"
    assert strangers(f"{ours} [![e]({address})](x)") == [address]


def test_the_first_button_of_the_readme_opens_the_site():
    """A visitor's first click starts the course, with nothing to install."""
    found = addresses((ROOT / "README.md").read_text("utf-8"))
    first = next(each for each in found if each.startswith("http") and "badge" not in each)
    assert first == f"{SITE}live/lab/index.html?path=README.md"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_leads_only_to_what_exists(document):
    """Each path of the repository that the document names is there."""
    assert broken_links(ROOT / document, ROOT) == []


def test_the_readme_opens_the_learning_path_on_binder():
    """README.md has a link that starts Binder on course/README.md."""
    found = addresses((ROOT / "README.md").read_text("utf-8"))
    assert f"{BINDER}?urlpath=lab/tree/course/README.md" in found


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("docs/a%20b.md#part", "docs/a b.md"),
        ("#part", None),
        (f"{BINDER}?urlpath=lab%2Ftree%2Fcourse%2FREADME.md", "course/README.md"),
        (f"{GITHUB}/actions/workflows/test.yml/badge.svg", ".github/workflows/test.yml"),
        (f"{GITHUB}/blob/main/LICENSE", "LICENSE"),
        (f"{GITHUB}/issues", None),
        (f"{SITE}live/lab/index.html?path=09_port/gone.ipynb", "course/09_port/gone.ipynb"),
        (SITE, None),
        ("https://example.com/LICENSE", None),
    ],
)
def test_an_address_names_a_path_of_the_repository(address, path):
    """Relative links, Binder, badges and files on GitHub are read; other sites are left alone."""
    assert path_in_repository(address) == path


def test_a_broken_link_is_named(tmp_path):
    """Broken targets of links, images and HTML are found; those inside code are not links."""
    (tmp_path / "here.md").write_text("")
    (tmp_path / "README.md").write_text(
        f"[a](here.md) [b](gone.md) ![c](gone.png)\n\n"
        f'<a href="gone.html">d</a>\n\n`[e](code.md)` [f]({GITHUB}/blob/main/gone.py)\n'
    )
    assert broken_links(tmp_path / "README.md", tmp_path) == [
        "gone.md",
        "gone.png",
        "gone.html",
        f"{GITHUB}/blob/main/gone.py",
    ]
