"""Signatures of thinking: each fits its own words, and no simulator takes it for others."""

import base64
import re

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator import Script, Simulator, text, thinking, turn
from grader.simulator.identifiers import Identifiers
from grader.simulator.signatures import is_edited, sign

WORDS = st.text(st.characters(exclude_categories=[]), max_size=30)


@settings(max_examples=100)
@given(said=WORDS, heard=WORDS, seed=st.integers())
def test_a_signature_is_that_of_one_thought(said: str, heard: str, seed: int) -> None:
    """Whatever the words, also none."""
    signature = sign(said, Identifiers(seed))
    assert is_edited(heard, signature) == (heard != said)


@settings(max_examples=100)
@given(said=WORDS, signature=st.one_of(WORDS, st.binary(max_size=300).map(base64.b64encode)))
def test_of_anothers_signature_nothing_is_said(said: str, signature: str | bytes) -> None:
    """Base64 or not."""
    written = signature.decode() if isinstance(signature, bytes) else signature
    assert not is_edited(said, written)


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
