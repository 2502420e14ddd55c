"""Signatures of thinking: each fits its own words, and no simulator takes it for others."""

import base64
import re

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator import Script, Simulator, text, thinking, turn
from grader.simulator.identifiers import Identifiers
from grader.simulator.signatures import may_be_real, read_signature, sign

WORDS = st.text(st.characters(exclude_categories=[]), max_size=30)

OTHERS = st.binary(max_size=300).filter(
    lambda raw: not raw.startswith(b"\x12\xff\x02thought") and not raw.endswith(b"simulated!")
)


@settings(max_examples=100)
@given(said=WORDS, heard=WORDS, seed=st.integers())
def test_a_signature_is_that_of_one_thought(said: str, heard: str, seed: int) -> None:
    """Whatever the words; where there are none, those that are put in are ignored."""
    signed = read_signature(sign(said, Identifiers(seed)))
    assert signed is not None
    assert signed.fits(heard) == (heard == said or not said)


@settings(max_examples=100)
@given(signature=st.one_of(WORDS, OTHERS.map(base64.b64encode)))
def test_of_anothers_signature_nothing_is_said(signature: str | bytes) -> None:
    """Base64 or not."""
    written = signature.decode() if isinstance(signature, bytes) else signature
    assert read_signature(written) is None
    assert may_be_real(written) in (True, False)


@settings(max_examples=200)
@given(place=st.integers(0, 343), other=st.sampled_from("ABCxyz019+/"), seed=st.integers())
def test_no_character_of_a_signature_can_be_changed(place: int, other: str, seed: int) -> None:
    """It is then neither a simulator's nor another's."""
    signature = sign("Hm.", Identifiers(seed))
    changed = signature[:place] + other + signature[place + 1 :]
    if changed != signature:
        with pytest.raises(ValueError, match="cut or changed"):
            read_signature(changed)


@pytest.mark.parametrize("kept", [1, 40, 100, 300, 343])
def test_a_signature_that_was_cut_is_known_by_its_beginning(kept: int) -> None:
    """Or is too short to be anyone's."""
    begun = sign("Hm.", Identifiers(1))[:kept]
    if kept > 1:
        with pytest.raises(ValueError, match="cut or changed"):
            read_signature(begun)
    assert not may_be_real(begun)


def test_a_signature_looks_like_the_apis() -> None:
    """Base64 that begins with E, new for each thought, and the same for one seed."""
    ids = Identifiers(1)
    first, second = sign("Hm.", ids), sign("Hm.", ids)
    assert re.fullmatch(r"E[A-Za-z0-9+/]{343}", first)
    assert first != second
    assert sign("Hm.", Identifiers(1)) == first


@pytest.mark.parametrize("edit", ["", "!"], ids=["as sent", "changed"])
def test_a_reply_can_be_sent_back_unchanged_to_any_simulator(client_of, edit: str) -> None:
    """The whole way: two simulators, the SDK's own objects, one thought."""
    first = client_of(Simulator(replies=Script(turn(thinking("Let me see."), text("Hi."))), seed=1))
    second = client_of(Simulator(replies=Script(text("Bye.")), seed=2))
    asked = {"model": "claude-sonnet-5", "max_tokens": 90}
    hello = {"role": "user", "content": "Hello"}
    reply = first.messages.create(**asked, messages=[hello])
    reply.content[0].thinking += edit
    said = [hello, {"role": "assistant", "content": reply.content}, hello]
    if not edit:
        assert second.messages.create(**asked, messages=said).content[0].text == "Bye."
    else:
        with pytest.raises(anthropic.BadRequestError, match="cannot be modified"):
            second.messages.create(**asked, messages=said)
