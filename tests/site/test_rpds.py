"""What stands for rpds-py in a browser behaves as rpds-py does, in all that jsonschema asks."""

from __future__ import annotations

from typing import Any

import pytest
import rpds as real
from hypothesis import given
from hypothesis import strategies as st

from binder.site import rpds as ours

KEYS = st.sampled_from("abcd")
CHANGES = st.lists(
    st.tuples(st.sampled_from(["insert", "remove", "discard", "update", "convert"]), KEYS),
    max_size=12,
)


def outcome(work: Any) -> Any:
    """Return what a change comes to, or the kind of error that it raises."""
    try:
        return work()
    except (IndexError, KeyError) as error:
        return type(error)


def changed_map(kind: Any, changes: list[tuple[str, str]]) -> list[Any]:
    """Return what a map holds after each change."""
    held, seen = kind({"z": 0}), []
    for number, (name, key) in enumerate(changes):
        before = dict(held)
        arguments = {"insert": (key, number), "update": ({key: number},), "convert": (held,)}
        after = outcome(lambda: getattr(held, name)(*arguments.get(name, (key,))))  # noqa: B023
        assert dict(held) == before
        seen.append(after if after is KeyError else sorted(after.items()))
        held = held if after is KeyError else after
    return seen


def changed_set(kind: Any, changes: list[tuple[str, str]]) -> list[Any]:
    """Return what a set holds after each change."""
    held, seen = kind("z"), []
    for name, key in changes:
        if name == "convert":
            continue
        after = outcome(lambda: getattr(held, name)(key))  # noqa: B023
        seen.append(after if after is KeyError else sorted(after))
        held = held if after is KeyError else after
    return seen


@given(CHANGES)
def test_a_map_changes_as_the_real_one(changes):
    """Each change returns the same entries, leaves the old map alone, and raises where it does."""
    assert changed_map(ours.HashTrieMap, changes) == changed_map(real.HashTrieMap, changes)


@given(CHANGES)
def test_a_set_changes_as_the_real_one(changes):
    """Each change returns the same members, and raises where the real one does."""
    assert changed_set(ours.HashTrieSet, changes) == changed_set(real.HashTrieSet, changes)


@given(st.lists(st.integers(), max_size=5), st.integers())
def test_a_list_grows_as_the_real_one(elements, new):
    """Pushed to the front, dropped from it, read in order and backwards."""
    mine, theirs = ours.List(elements), real.List(elements)
    for each in (mine, theirs):
        assert list(each) == elements
        assert list(each.push_front(new)) == [new, *elements]
        assert (len(each), list(reversed(each))) == (len(elements), elements[::-1])
    for work in (lambda each: each.first, lambda each: list(each.drop_first())):
        assert outcome(lambda: work(mine)) == outcome(lambda: work(theirs))  # noqa: B023


@given(st.dictionaries(KEYS, st.integers()), st.dictionaries(KEYS, st.integers()))
def test_equal_collections_have_equal_hashes(one, other):
    """Maps, sets and lists compare by what they hold."""
    for kind, first, second in (
        (ours.HashTrieMap, one, other),
        (ours.HashTrieSet, set(one), set(other)),
        (ours.List, sorted(one), sorted(other)),
    ):
        assert (kind(first) == kind(second)) is (first == second)
        assert hash(kind(first)) == hash(kind(first))


@pytest.mark.parametrize("name", ours.__all__)
def test_what_is_there_is_there_in_the_real_one(name):
    """No method is made up."""
    public = {each for each in vars(getattr(ours, name)) if not each.startswith("_")}
    assert public - set(dir(getattr(real, name))) == set()
