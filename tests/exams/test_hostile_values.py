"""Values that attack what describes them: nothing stops it, and nothing of theirs gets through."""

import json
from decimal import Decimal
from typing import Any

import anthropic
import pytest

from grader.exams import CallableHandle, ClientHandle, Opaque, SdkObject, describe, read


def crossed(value: object) -> Any:
    """Return a value after it went through JSON text, as between two processes."""
    return read(json.loads(json.dumps(describe(value), allow_nan=False)))


class LyingBytes(bytes):
    """Show other bytes than it holds."""

    def __bytes__(self) -> bytes:
        return b"lie"

    def __len__(self) -> int:
        return 0


class LyingFloat(float):
    """Show another number than it holds."""

    def __float__(self) -> float:
        return 7.0


class LyingTuple(tuple[int, ...]):
    """Show other items than it holds."""

    __slots__ = ()

    def __iter__(self) -> Any:
        return iter((1, 2, 3))

    def __len__(self) -> int:
        return 3


class LyingSet(set[int]):
    """Show other items than it holds."""

    def __iter__(self) -> Any:
        return iter((1, 2, 3))


class LyingKey(str):
    """A key that is found under every name."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("id")


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (LyingBytes(b"truth"), b"truth"),
        (bytearray(b"truth"), b"truth"),
        (LyingFloat(2.5), 2.5),
        (LyingTuple((9,)), (9,)),
        (LyingSet({9}), frozenset({9})),
        ({LyingKey("name"): 1}, {"name": 1}),
        ([True, 1, 1.0], [True, 1, 1.0]),
    ],
    ids=["bytes", "bytearray", "float", "tuple", "set", "key", "numbers that are equal"],
)
def test_a_value_that_lies_is_described_as_what_it_is(value: object, truth: object) -> None:
    """Only methods of the base classes are asked, and types stay apart."""
    assert repr(crossed(value)) == repr(truth)


class LyingMeta(type):
    """Claim another name and another module, and fail when asked for more."""

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        return "str"

    @property
    def __module__(cls) -> str:  # type: ignore[override]
        return "anthropic.types"

    @property
    def model_fields(cls) -> Any:
        """Fail."""
        raise SystemExit


class Disguised(metaclass=LyingMeta):
    """Look like a class of the SDK."""

    def to_dict(self, **_options: object) -> Any:
        """Answer as a message would."""
        return {"content": "a lie"}


class NoModule:
    """Have no module to speak of."""

    __module__ = 7  # type: ignore[assignment]


class Leaving:
    """End the program when it is looked at."""

    def __repr__(self) -> str:
        raise SystemExit(3)


class Endless:
    """Never finish telling what it is."""

    def __repr__(self) -> str:
        return repr(self)


class Verbose:
    """Tell more than anybody wants to know."""

    def __repr__(self) -> str:
        return "x" * 1_000_000


class ImportedTextBlock(anthropic.types.TextBlock):
    """A class of the SDK's that fails when it is written down."""

    def to_dict(self, **_options: object) -> Any:
        """Fail."""
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "opaque"),
    [
        (Disguised(), Opaque("Disguised", "<Disguised object>")),
        (NoModule(), Opaque("NoModule", "<NoModule object>")),
        (Leaving(), Opaque("Leaving", "cannot be read: SystemExit")),
        (Endless(), Opaque("Endless", "no repr: RecursionError")),
        (Verbose(), Opaque("Verbose", "x" * 199 + "…")),
        (ClientHandle(Leaving()), Opaque("ClientHandle", "cannot be read: TypeError")),  # type: ignore[arg-type]
        (CallableHandle(1, 2), Opaque("CallableHandle", "cannot be read: TypeError")),  # type: ignore[arg-type]
        (SdkObject(1, {}), Opaque("SdkObject", "cannot be read: TypeError")),  # type: ignore[arg-type]
        (Decimal("sNaN"), Opaque("Decimal", "sNaN")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_hostile_object_is_opaque(value: object, opaque: Opaque) -> None:
    """It is told by its class's true name, and what it raises goes no further."""
    described = crossed(value)
    # The class's own module is not what this test is about.
    text = described.text.replace(f"{__name__}.", "")
    assert Opaque(described.type, text) == opaque


def test_a_learner_can_interrupt_an_endless_repr() -> None:
    """Ctrl+C is the one thing that passes."""

    class Interrupted:
        def __repr__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        describe([Interrupted()])


def test_an_address_is_not_told() -> None:
    """Two reports of one submission are the same, bit by bit."""
    assert " at 0x" not in crossed(object()).text
    assert describe(lambda: 0) == describe(lambda: 0)


def test_the_order_of_a_set_is_not_told() -> None:
    """It changes from process to process; ours does not."""
    words = ["kelp", "amber", "onyx", "delta", "basil"]
    assert describe(set(words))["items"] == sorted(words)


def test_many_texts_are_as_large_as_one() -> None:
    """A list that holds one long text a thousand times would be written out a thousand times."""
    assert crossed(["x" * 10_000] * 1_000) == Opaque("list", "too large to be judged")


def test_objects_of_the_sdk_are_described_within_others() -> None:
    """A message holds blocks, and both are plain data to a check."""
    text = anthropic.types.TextBlock(type="text", text="Hi.", citations=None)
    usage = anthropic.types.Usage(input_tokens=3, output_tokens=2)
    message = anthropic.types.Message(
        id="msg_1",
        type="message",
        role="assistant",
        model="claude-sonnet-4-6",
        content=[text],
        stop_reason="end_turn",
        stop_sequence=None,
        usage=usage,
    )
    described = crossed({"reply": message})["reply"]
    assert described.type == "Message"
    assert described.data["content"] == [{"type": "text", "text": "Hi.", "citations": None}]
    assert described.data["usage"] == {"input_tokens": 3, "output_tokens": 2}


def test_an_object_of_the_sdk_that_cannot_be_written_down_is_opaque() -> None:
    """A learner's object may be in any state."""
    ImportedTextBlock.__module__ = "anthropic.types"
    block = ImportedTextBlock(type="text", text="Hi.", citations=None)
    assert crossed(block) == Opaque("ImportedTextBlock", "RuntimeError")
