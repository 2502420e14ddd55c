"""dspy: signatures by its adapters, an agent, and a picture."""

from __future__ import annotations

from typing import Any

import dspy
from telling import ADDRESS, PARIS, PERSON, PNG, WEATHER, expect, get_weather, tell


class Extract(dspy.Signature):
    """Extract the person."""

    text: str = dspy.InputField()
    name: str = dspy.OutputField()
    age: int = dspy.OutputField()


class Describe(dspy.Signature):
    """Describe the picture."""

    picture: dspy.Image = dspy.InputField()
    description: str = dspy.OutputField()


def within(model: str, adapter: Any = None) -> Any:
    """Return a context in which a model is asked."""
    lm = dspy.LM(f"anthropic/{model}", api_base=ADDRESS, cache=False, num_retries=0)
    return dspy.context(lm=lm, adapter=adapter)


def plain(model: str) -> None:
    """Ask one question."""
    with within(model):
        seen = dspy.settings.lm(PARIS)
        text = seen[0] if isinstance(seen[0], str) else seen[0]["text"]
        expect("Paris" in text, seen)


def predict(adapter: Any, model: str) -> None:
    """Ask for a person."""
    with within(model, adapter):
        seen = dspy.Predict(Extract)(text=PERSON)
    expect((seen.name, seen.age) == ("Jason", 25), seen)


def agent(model: str) -> None:
    """Let ReAct ask for a tool; nothing tells the model which arguments it takes."""
    with within(model):
        seen = dspy.ReAct("question -> answer", tools=[get_weather], max_iters=4)(question=WEATHER)
    expect(seen.trajectory["tool_name_0"] == "get_weather" and seen.answer, seen)


def image(model: str) -> None:
    """Send a picture."""
    with within(model, dspy.JSONAdapter()):
        seen = dspy.Predict(Describe)(picture=dspy.Image(f"data:image/png;base64,{PNG}"))
    expect(seen.description, seen)


tell(
    {
        "plain": plain,
        "structured: JSONAdapter": lambda model: predict(dspy.JSONAdapter(), model),
        "structured: ChatAdapter": lambda model: predict(dspy.ChatAdapter(), model),
        "structured: XMLAdapter": lambda model: predict(dspy.XMLAdapter(), model),
        "tools: ReAct": agent,
        "image": image,
    }
)
