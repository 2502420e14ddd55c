"""The catalog file: what it may hold, and the words for one that holds something else."""

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from grader.catalog import Catalog, ModelCard, ModelRules, Price, load_catalog
from grader.catalog.rows import CARD_KEYS, PRICE_KEYS, RULES_KEYS
from grader.errors import CatalogError

ROW = """
[[models]]
id = "claude-one"
aliases = ["one"]
display_name = "Claude One"
lifecycle = "active"
tokenizer = "v3"
context_window = 200_000
max_output = 64_000
min_cache = 1_024
tool_overhead = { auto = 1, forced = 2 }
as_of = 2026-11-22
source = "a test"

[models.rules]
thinking_default = "off"
thinking_rejects = []
prefill = true
forced_tool_choice = true
mid_conversation_system = false
sampling = true
effort_levels = ["low", "max"]

[[models.prices]]
up_to_prompt_tokens = 100
input = 1
output = 5
write_5m = 1.25
write_1h = 2
read = 0.1

[[models.prices]]
input = 2
output = 10
write_5m = 2.5
write_1h = 4
read = 0.2
"""

Load = Callable[[str], Catalog]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a catalog from text, as the file models.toml of the working directory."""
    monkeypatch.chdir(tmp_path)

    def load_text(text: str) -> Catalog:
        Path("models.toml").write_text(text, encoding="utf-8")
        return load_catalog("models.toml")

    return load_text


def changed(old: str, new: str) -> str:
    """Change the row in one place, which must exist."""
    assert old in ROW
    return ROW.replace(old, new, 1)


def test_a_row_in_shape_is_read(load: Load) -> None:
    """The row that the other tests spoil is a good one."""
    [card] = load(ROW).models
    assert (card.id, card.aliases, card.released) == ("claude-one", ("one",), None)


def test_prices_are_exact(load: Load) -> None:
    """Whole and broken prices both become Decimal, never float."""
    [card] = load(ROW).models
    prices = [getattr(card.price_for(1), field.name) for field in fields(Price)]
    assert prices == [Decimal(1), Decimal(5), Decimal("1.25"), Decimal(2), Decimal("0.1")]
    assert {type(price) for price in prices} == {Decimal}


@pytest.mark.parametrize(
    ("keys", "made"), [(CARD_KEYS, ModelCard), (RULES_KEYS, ModelRules), (PRICE_KEYS, Price)]
)
def test_the_keys_of_a_table_are_the_fields_it_becomes(keys: dict[str, object], made: type) -> None:
    """No field lacks a key and no key lacks a field."""
    assert set(keys) == {field.name for field in fields(made)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "context_window = 200_000",
            "contxt_window = 200_000",
            "models.toml, row 1 (claude-one): the key 'contxt_window' is unknown. "
            "Rename it to 'context_window', or remove its line.",
            id="misspelt key",
        ),
        pytest.param(
            "input = 1\n",
            "input = 1\nzzz = 1\n",
            "models.toml, row 1 (claude-one), prices, band 1: the key 'zzz' is unknown. "
            "Remove its line, or use one of: up_to_prompt_tokens, input, output, write_5m, "
            "write_1h, read.",
            id="unknown key",
        ),
        pytest.param(
            "max_output = 64_000\n",
            "",
            "models.toml, row 1 (claude-one): the key 'max_output' is missing; expected a whole "
            "number above 0. Add a line like this: max_output = 64000",
            id="missing key",
        ),
        pytest.param(
            'id = "claude-one"\n',
            "",
            "models.toml, row 1: the key 'id' is missing; expected a non-empty string. "
            'Add a line like this: id = "claude-haiku-4-5-20251001"',
            id="missing id",
        ),
        pytest.param(
            "prefill = true\n",
            "",
            "models.toml, row 1 (claude-one), rules: the key 'prefill' is missing; expected true "
            "or false. Add a line like this: prefill = true",
            id="missing rule",
        ),
        pytest.param(
            ", forced = 2",
            "",
            "models.toml, row 1 (claude-one), tool_overhead: the key 'forced' is missing; expected "
            "a whole number above 0. Add a line like this: forced = 588",
            id="missing overhead",
        ),
        pytest.param(
            "max_output = 64_000",
            'max_output = "64k"',
            "models.toml, row 1 (claude-one): max_output is '64k'; expected a whole number above "
            "0. Write it like this: max_output = 64000",
            id="text for a number",
        ),
        pytest.param(
            "max_output = 64_000",
            "max_output = true",
            "models.toml, row 1 (claude-one): max_output is True; expected a whole number above "
            "0. Write it like this: max_output = 64000",
            id="bool for a number",
        ),
        pytest.param(
            "max_output = 64_000",
            "max_output = 0",
            "models.toml, row 1 (claude-one): max_output is 0; expected a whole number above "
            "0. Write it like this: max_output = 64000",
            id="zero length",
        ),
        pytest.param(
            'aliases = ["one"]',
            'aliases = "one"',
            "models.toml, row 1 (claude-one): aliases is 'one'; expected an array of non-empty "
            'strings. Write it like this: aliases = ["claude-haiku-4-5"]',
            id="text for an array",
        ),
        pytest.param(
            'source = "a test"',
            'source = " "',
            "models.toml, row 1 (claude-one): source is ' '; expected a non-empty string. Write it "
            'like this: source = "Anthropic documentation, models and pricing pages (B)"',
            id="blank text",
        ),
        pytest.param(
            "as_of = 2026-11-22",
            "as_of = 2026-11-22T10:00:00",
            "models.toml, row 1 (claude-one): as_of is 2026-11-22 10:00:00; expected a date, "
            "without quotes. Write it like this: as_of = 2026-11-22",
            id="time for a date",
        ),
        pytest.param(
            'lifecycle = "active"',
            'lifecycle = "retired"',
            "models.toml, row 1 (claude-one): lifecycle is 'retired'; expected one of active, "
            'deprecated. Write it like this: lifecycle = "active"',
            id="unknown word",
        ),
        pytest.param(
            'effort_levels = ["low", "max"]',
            'effort_levels = ["low", "most"]',
            "models.toml, row 1 (claude-one), rules: effort_levels is ['low', 'most']; expected an "
            "array of any of low, medium, high, xhigh, max. "
            'Write it like this: effort_levels = ["low"]',
            id="unknown word in an array",
        ),
        pytest.param(
            "prefill = true",
            "prefill = 1",
            "models.toml, row 1 (claude-one), rules: prefill is 1; expected true or false. "
            "Write it like this: prefill = true",
            id="number for a bool",
        ),
        pytest.param(
            "tool_overhead = { auto = 1, forced = 2 }",
            "tool_overhead = [1, 2]",
            "models.toml, row 1 (claude-one): tool_overhead is [1, 2]; expected a table. "
            "Write it like this: tool_overhead = { auto = 496, forced = 588 }",
            id="array for a table",
        ),
        pytest.param(
            "read = 0.1",
            "read = -0.1",
            "models.toml, row 1 (claude-one), prices, band 1: read is -0.1; expected a number "
            "above 0, in USD per million tokens. Write it like this: read = 0.3",
            id="negative price",
        ),
        pytest.param(
            "read = 0.1",
            "read = nan",
            "models.toml, row 1 (claude-one), prices, band 1: read is NaN; expected a number "
            "above 0, in USD per million tokens. Write it like this: read = 0.3",
            id="price that is no number",
        ),
        pytest.param(
            "up_to_prompt_tokens = 100\n",
            "",
            "models.toml, row 1 (claude-one), prices: up_to_prompt_tokens is [None, None] band by "
            "band (None: absent); expected it to rise, and to be absent from the last band only, "
            "which holds for every longer prompt. Sort the bands and remove the last one's "
            "up_to_prompt_tokens.",
            id="band after the last",
        ),
        pytest.param(
            "min_cache = 1_024",
            "min_cache = 1_024\nmin_cache_assumed = 512",
            "models.toml, row 1 (claude-one): expected exactly one of min_cache and "
            "min_cache_assumed. Keep min_cache where a source states it, else min_cache_assumed.",
            id="known and assumed",
        ),
        pytest.param(
            "min_cache = 1_024\n",
            "",
            "models.toml, row 1 (claude-one): expected exactly one of min_cache and "
            "min_cache_assumed. Keep min_cache where a source states it, else min_cache_assumed.",
            id="neither known nor assumed",
        ),
        pytest.param(
            'lifecycle = "active"',
            'lifecycle = "active"\nretires = 2026-11-30',
            "models.toml, row 1 (claude-one): retires is 2026-11-30 but lifecycle is 'active'; "
            'only a deprecated model retires. Write lifecycle = "deprecated", or rename the key '
            "to retires_not_before.",
            id="active and retiring",
        ),
        pytest.param(
            'aliases = ["one"]',
            'aliases = ["claude-one"]',
            "models.toml, row 1 (claude-one): the name 'claude-one' is taken already, as an id or "
            "alias, in models.toml, row 1 (claude-one). Expected every id and alias once: remove "
            "one of the two.",
            id="alias like the id",
        ),
    ],
)
def test_an_ill_shaped_row_is_refused(load: Load, old: str, new: str, message: str) -> None:
    """The message names the file, the row, the key and the fix."""
    with pytest.raises(CatalogError) as caught:
        load(changed(old, new))
    assert str(caught.value) == message


@pytest.mark.parametrize("limits", [(100, 100), (200, 100)])
def test_bands_must_rise(load: Load, limits: tuple[int, int]) -> None:
    """A band that ends where or before the one above it ends would never be used."""
    first, second = limits
    head, band, last = ROW.split("\n[[models.prices]]")
    bands = [band.replace("= 100\n", f"= {limit}\n") for limit in limits]
    with pytest.raises(CatalogError, match=rf"is \[{first}, {second}, None\] band by band"):
        load("\n[[models.prices]]".join([head, *bands, last]))


def test_the_last_band_must_have_no_limit(load: Load) -> None:
    """Otherwise a long prompt would have no price."""
    with pytest.raises(CatalogError, match=r"is \[100, 200\] band by band"):
        load(changed("input = 2\n", "up_to_prompt_tokens = 200\ninput = 2\n"))


@pytest.mark.parametrize(
    ("name", "alias", "shared"),
    [
        ("claude-one", "two", "claude-one"),
        ("claude-two", "one", "one"),
        ("one", "two", "one"),
        ("claude-two", "claude-one", "claude-one"),
    ],
)
def test_no_two_rows_share_a_name(load: Load, name: str, alias: str, shared: str) -> None:
    """An id or alias that leads to two models leads to neither."""
    twin = changed('id = "claude-one"\naliases = ["one"]', f'id = "{name}"\naliases = ["{alias}"]')
    with pytest.raises(CatalogError) as caught:
        load(ROW + twin)
    assert str(caught.value) == (
        f"models.toml, row 2 ({name}): the name {shared!r} is taken already, as an id or alias, in "
        "models.toml, row 1 (claude-one). Expected every id and alias once: remove one of the two."
    )


@pytest.mark.parametrize("text", ["models = []", "models = [1]", 'models = "none"'])
def test_a_catalog_holds_rows(load: Load, text: str) -> None:
    """Neither nothing nor anything but tables will do for rows."""
    with pytest.raises(CatalogError, match=r"^models\.toml: models is .*; expected one table or "):
        load(text)


def test_an_empty_file_is_refused(load: Load) -> None:
    """A catalog without models is none."""
    with pytest.raises(CatalogError, match=r"^models\.toml: the key 'models' is missing; "):
        load("")


def test_a_file_that_is_not_toml_is_refused(load: Load) -> None:
    """The message names the file and the place in it."""
    with pytest.raises(CatalogError, match=r"^models\.toml is not a TOML file: .*\(at line 1, "):
        load("models  \n")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """Bytes of another encoding are refused as such."""
    path = tmp_path / "latin.toml"
    path.write_bytes("id = 'é'".encode("latin-1"))
    with pytest.raises(CatalogError, match=r"latin\.toml is not a TOML file: 'utf-8' codec"):
        load_catalog(path)


def test_a_file_that_is_absent_is_refused(tmp_path: Path) -> None:
    """The message names the file and the way back."""
    path = tmp_path / "absent.toml"
    with pytest.raises(CatalogError) as caught:
        load_catalog(path)
    assert str(caught.value) == (
        f"The catalog {path} cannot be read: No such file or directory. Expected a TOML file. "
        "Correct the path, or call load_catalog() for the packaged list."
    )
