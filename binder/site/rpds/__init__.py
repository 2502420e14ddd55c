"""The persistent collections of rpds-py, in plain Python, for a kernel in the browser.

jsonschema and referencing hold their registries in them. rpds-py is written in Rust, and the
package index has no wheel of it for browsers. Each change copies, which is fine for the few dozen
entries that a schema has. tests/site/test_rpds.py holds it against the real one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from typing import Any

__all__ = ["HashTrieMap", "HashTrieSet", "List"]


class HashTrieMap(Mapping[Any, Any]):
    """A mapping that never changes; what would change it returns another one."""

    def __init__(self, value: Mapping[Any, Any] | Iterable[Any] = (), **more: Any) -> None:
        self._entries = {**dict(value), **more}

    def __getitem__(self, key: Any) -> Any:
        return self._entries[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    def __repr__(self) -> str:
        return f"HashTrieMap({self._entries})"

    def insert(self, key: Any, value: Any) -> HashTrieMap:
        """Return a map in which a key has a value."""
        return HashTrieMap({**self._entries, key: value})

    def remove(self, key: Any) -> HashTrieMap:
        """Return a map without a key; raises KeyError if it isn't there."""
        if key not in self._entries:
            raise KeyError(key)
        return self.discard(key)

    def discard(self, key: Any) -> HashTrieMap:
        """Return a map without a key."""
        return HashTrieMap({each: self._entries[each] for each in self if each != key})

    def update(self, *others: Mapping[Any, Any] | Iterable[Any], **more: Any) -> HashTrieMap:
        """Return a map with all entries of others; the last one of a key counts."""
        entries = dict(self._entries)
        for other in others:
            entries.update(other)
        return HashTrieMap({**entries, **more})

    @classmethod
    def convert(cls, value: Mapping[Any, Any] | Iterable[Any]) -> HashTrieMap:
        """Return a map of the same entries, the very same one if it is a map already."""
        return value if isinstance(value, cls) else cls(value)

    @classmethod
    def fromkeys(cls, keys: Iterable[Any], value: Any = None) -> HashTrieMap:
        """Return a map in which all keys have one value."""
        return cls(dict.fromkeys(keys, value))


class HashTrieSet(Set[Any]):
    """A set that never changes; what would change it returns another one."""

    def __init__(self, value: Iterable[Any] = ()) -> None:
        self._members = frozenset(value)

    def __contains__(self, member: object) -> bool:
        return member in self._members

    def __iter__(self) -> Iterator[Any]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __hash__(self) -> int:
        return hash(self._members)

    def __repr__(self) -> str:
        return f"HashTrieSet({set(self._members) or '{}'})"

    def insert(self, member: Hashable) -> HashTrieSet:
        """Return a set with one more member."""
        return HashTrieSet(self._members | {member})

    def remove(self, member: Hashable) -> HashTrieSet:
        """Return a set without a member; raises KeyError if it isn't there."""
        if member not in self._members:
            raise KeyError(member)
        return self.discard(member)

    def discard(self, member: Hashable) -> HashTrieSet:
        """Return a set without a member."""
        return HashTrieSet(self._members - {member})

    def update(self, *others: Iterable[Any]) -> HashTrieSet:
        """Return a set with all members of others."""
        return HashTrieSet(self._members.union(*others))


class List(Iterable[Any]):
    """A list that never changes, and grows at its front."""

    def __init__(self, value: Iterable[Any] = (), *more: Any) -> None:
        self._elements = (value, *more) if more else tuple(value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._elements)

    def __len__(self) -> int:
        return len(self._elements)

    def __reversed__(self) -> Iterator[Any]:
        return reversed(self._elements)

    def __eq__(self, other: object) -> bool:
        return self._elements == other._elements if isinstance(other, List) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._elements)

    def __repr__(self) -> str:
        return f"List({list(self._elements)})"

    @property
    def first(self) -> Any:
        """Return the first element; raises IndexError if there is none."""
        if not self._elements:
            raise IndexError("empty list has no first element")
        return self._elements[0]

    @property
    def rest(self) -> List:
        """Return what follows the first element."""
        return List(self._elements[1:])

    def push_front(self, element: Any) -> List:
        """Return a list with one more element at the front."""
        return List((element, *self._elements))

    def drop_first(self) -> List:
        """Return what follows the first element; raises IndexError if there is none."""
        if not self._elements:
            raise IndexError("empty list has no first element")
        return self.rest
