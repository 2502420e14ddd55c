"""A choice of a model by a measurement: every case, every reply, every cent."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from grader.catalog import Price
from grader.exams import Called, Case, Criterion, Exam, Record, Scene, SdkObject, Shapes, exercise
from grader.exercises.readings import is_same
from grader.exercises.tokens_and_cost.measured import (
    Contest,
    Rival,
    failing_reply,
    new_cases,
    new_reply,
    priced,
    prompt_of,
    spending,
    text_of,
)
from grader.exercises.tokens_and_cost.prompts import newer_models, older_models
from grader.simulator import Turn

Json = Any


@exercise(
    minutes=10,
    criteria=[
        Criterion("asks", "each case goes to a model once, as a user's message"),
        Criterion("text", "`passes` gets all the text of the reply, and its case"),
        Criterion("every", "the model passes every case"),
        Criterion("cheapest", "what the replies cost decides", points=2),
        Criterion("none", "a `ValueError` when no model passes"),
    ],
    shapes=Shapes(
        pairs=[("fails", "order")],
        fails=["the last case", "the first case", "every case"],
        order=["the right one last", "dearest first", "cheapest first"],
        reply=["text", "several texts", "thinking first", "hidden thoughts"],
        failure=["other words", "nothing", "a refusal"],
        cases=["three", "one"],
        cost=["dear output", "long thoughts", "dear input", "another tokenizer"],
        none=["each fails one", "all fail all", "no cards"],
    ),
)
def cheapest_that_passes(exam: Exam) -> None:
    """Let models compete whose quality and cost are known, each with a trap of its own."""
    first, *others = exam.cases("fails", "order", "reply", "failure", "cases")
    if not _chooses(exam, _by_quality(exam, first)):
        return
    for case in others:
        with exam.part():
            _chooses(exam, _by_quality(exam, case))
    for case in exam.cases("cost"):
        with exam.part():
            _chooses(exam, _by_cost(exam, case.cost))
    for case in exam.cases("none"):
        with exam.part():
            _finds_none(exam, case.none)


def _price(exam: Exam) -> Price:
    dollars = Decimal(exam.number(211, 489)) / 100
    return Price(dollars, dollars * 5, dollars * Decimal("1.25"), dollars * 2, dollars / 10)


def _models(exam: Exam, count: int) -> list[str]:
    """Return models that split a text alike, so that the prices drawn decide."""
    models = newer_models()
    start = exam.number(0, len(models) - 1)
    return [models[(start + place) % len(models)] for place in range(count)]


def _by_quality(exam: Exam, case: Case) -> Contest:
    """Return a contest in which the cheapest model fails, and others are dearer than need be."""
    cases, base = new_cases(exam, 3 if case.cases == "three" else 1), _price(exam)
    right, weak, dear, dearest = _models(exam, 4)
    failing = {"the first case": cases[:1], "the last case": cases[-1:]}.get(case.fails, cases)

    def replies(*, weakly: bool = False) -> dict[str, Turn]:
        return {
            each["prompt"]: failing_reply(exam, case.failure)
            if weakly and each in failing
            else new_reply(exam, each, case.reply)
            for each in cases
        }

    by_price = [
        Rival(priced(weak, base, "0.3"), "fails", replies(weakly=True)),
        Rival(priced(right, base, "1"), "", replies()),
        Rival(priced(dear, base, "2"), "dearer-chosen", replies()),
        Rival(priced(dearest, base, "3"), "dearer-chosen", replies()),
    ]
    order = {
        "dearest first": (3, 1, 0, 2),
        "cheapest first": (0, 2, 1, 3),
        "the right one last": (2, 0, 3, 1),
    }[case.order]
    return Contest(cases, tuple(by_price[place] for place in order))


def _by_cost(exam: Exam, cost: str) -> Contest:
    """Return a contest of models that all pass, in which a wrong sum makes another one cheapest."""
    is_long = cost in ("dear input", "dear output")
    cases, base = new_cases(exam, 3, words=24 if is_long else 6), _price(exam)
    right, other, dear = _models(exam, 3)
    short = {each["prompt"]: new_reply(exam, each, "thinking first") for each in cases}
    last = Rival(priced(dear, base, "3"), "dearer-chosen", short)
    if cost == "another tokenizer":
        return _by_tokenizer(exam, cases, base, last)
    if cost == "long thoughts":
        replies = {prompt: spending(reply, 400) for prompt, reply in short.items()}
        trap = Rival(priced(other, base, "0.8"), "by-price", replies)
    elif cost == "dear input":
        trap = Rival(priced(other, base, "1.6", output="0.5"), "output-only", short)
    else:
        replies = {prompt: spending(reply, 200) for prompt, reply in short.items()}
        trap = Rival(priced(other, base, "0.8", output="3"), "output-forgotten", replies)
    return Contest(cases, (trap, Rival(priced(right, base, "1"), "", short), last))


def _by_tokenizer(exam: Exam, cases: tuple[Json, ...], base: Price, last: Rival) -> Contest:
    """Return a contest in which the lower price a token is for more tokens of the same text."""
    short = {each["prompt"]: new_reply(exam, each, "text") for each in cases}
    right = Rival(priced(str(exam.pick(*older_models())), base, "1"), "", short)
    other = next(each for each in newer_models() if each != last.card.id)
    trap = Rival(priced(other, base, "1"), "by-price", short)
    # Between a price as high as the other's, and one at which the cost is as high.
    ratio = (right.cost(cases) / trap.cost(cases)).sqrt()
    return Contest(cases, (Rival(priced(other, base, str(ratio)), "by-price", short), right, last))


def _finds_none(exam: Exam, none: str) -> None:
    """Judge a contest that nobody wins."""
    cases, base = new_cases(exam, 3), _price(exam)
    rivals = []
    for place, model in enumerate([] if none == "no cards" else _models(exam, 3)):
        replies = {
            each["prompt"]: failing_reply(exam, "other words")
            if none == "all fail all" or number == place
            else new_reply(exam, each, "text")
            for number, each in enumerate(cases)
        }
        rivals.append(Rival(priced(model, base, str(place + 1)), "fails", replies))
    called = _call(exam, Contest(cases, tuple(rivals)), ("none",), may_raise=("Exception",))[0]
    wrong = exam.which({"none-passing": called.raised is None}, otherwise="no-value-error")
    observed = called.value if called.raised is None else called.raised
    exam.expect("none", "ValueError" in called.raised_kinds, wrong, observed)


_Given = list[tuple[Json, Json]]


def _chooses(exam: Exam, contest: Contest) -> bool:
    """Judge one contest, and return whether its cases arrived and were judged."""
    right = contest.right
    assert right is not None
    judges = ("asks", "text", "every", "cheapest")
    called, scene, given = _call(exam, contest, judges, may_raise=("ValueError",))
    value = called.value
    chosen = contest.find(value)
    if not _has_asked(exam, scene, contest, chosen) or not _is_told(exam, given, contest):
        return False
    wrong = exam.slip(
        {
            "said-none": (called.raised is not None, called.raised),
            "printed": (value is None and right.card.id in called.printed, ""),
            "card-not-id": (isinstance(value, Record), right.card.id),
            "no-id": (chosen is None, value),
            "fails": (chosen is not None and not chosen.passes(contest.cases), value),
        },
        otherwise=chosen.trap if chosen and chosen.trap else "dearer-chosen",
        observed="" if chosen is right else _compared(contest, chosen, right),
    )
    # A choice of one that fails says nothing about sums.
    if exam.expect("every", chosen is not None and chosen.passes(contest.cases), wrong):
        exam.expect("cheapest", is_same(value, right.card.id), wrong)
    return True


def _compared(contest: Contest, chosen: Rival | None, right: Rival) -> str:
    costs = [
        f"{each.card.id}, {each.cost(contest.cases):.6f} USD" for each in (chosen, right) if each
    ]
    return "; ".join(costs)


def _has_asked(exam: Exam, scene: Scene, contest: Contest, chosen: Rival | None) -> bool:
    """Judge what was sent: no case twice to a model, and all of them to the one that is chosen."""
    prompts = {case["prompt"] for case in contest.cases}
    sent = Counter((str(body.get("model")), prompt_of(body)) for body in scene.requests)
    models = {model for model, _ in sent}
    strange = next((body for body in scene.requests if prompt_of(body) not in prompts), None)
    twice = next((prompt for (_, prompt), count in sent.items() if count > 1), None)
    missed = [
        prompt for prompt in sorted(prompts) if chosen and (chosen.card.id, prompt) not in sent
    ]
    is_one = len(models) == 1 and (twice is not None or len(missed) == len(prompts))
    cases = {
        "nothing-sent": (not sent, ""),
        "case-changed": (strange is not None, (strange or {}).get("messages", "")),
        "one-model": (is_one, next(iter(models), "")),
        "sent-twice": (twice is not None, twice),
        "case-missed": (bool(missed), f"{len(missed)} of {len(prompts)}"),
    }
    is_right = not any(holds for holds, _ in cases.values())
    wrong = exam.slip(cases, otherwise="nothing-sent")
    return exam.expect("asks", is_right, wrong, request=strange)


def _is_told(exam: Exam, given: _Given, contest: Contest) -> bool:
    """Judge what `passes` was given."""
    texts = {
        (text_of(reply), prompt)
        for rival in contest.rivals
        for prompt, reply in rival.replies.items()
    }
    objects = [said for said, _ in given if not isinstance(said, str)]
    no_cases = [case for _, case in given if not any(is_same(case, c) for c in contest.cases)]
    known = [
        (said, case["prompt"])
        for said, case in given
        if isinstance(said, str) and any(is_same(case, each) for each in contest.cases)
    ]
    other = next((said for said, prompt in known if (said, prompt) not in texts), None)
    cases: dict[str, bool | tuple[bool, object]] = {
        "not-judged": not given,
        "not-a-text": (bool(objects), _kind(objects)),
        "case-not-given": (bool(no_cases), next(iter(no_cases), "")),
        "text-in-part": (other is not None, other),
    }
    is_right = bool(given) and not objects and not no_cases and other is None
    return exam.expect("text", is_right, exam.slip(cases, otherwise="not-judged"))


def _kind(objects: list[Json]) -> str:
    first = objects[0] if objects else ""
    return first.type if isinstance(first, SdkObject) else type(first).__name__


def _call(
    exam: Exam, contest: Contest, judges: tuple[str, ...], *, may_raise: tuple[str, ...] = ()
) -> tuple[Called, Scene, _Given]:
    """Call the code with a contest; return what `passes` was given, too."""
    scene = exam.answering_scene(contest.answer)
    given: _Given = []
    cards = [rival.card for rival in contest.rivals]
    called = exam.call(
        scene.client,
        copy.deepcopy(list(contest.cases)),
        cards,
        exam.function("passes", _judge(given), parameters=("text", "case")),
        judges=judges,
        may_raise=may_raise,
    )
    return called, scene, given


def _judge(given: _Given) -> Callable[[Json, Json], bool]:
    def passes(text: Json, case: Json) -> bool:
        given.append((text, case))
        has_both = isinstance(text, str) and isinstance(case, dict)
        return has_both and case.get("expected", text) in text

    return passes
