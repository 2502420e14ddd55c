"""Which mistake an exception is, where the call says so: by name, or by the exception's words.

    exam.call(tool, crash="no-parameters")
    exam.call(tool, crash=Slip("no-parameters", tool))
    exam.call(tool, crash={r"^KeyError: '(name|parameters)'": "flat-expected"})
    exam.call(tool, crash={OWN_RAISE: Slip("ending-raised", reason)})

A name holds for any exception that no crash pattern of the exercise explains. Patterns hold for
this call alone, and come before those of the exercise: the same KeyError means one thing for a
full input, and another for one without that key. OWN_RAISE stands for a `raise` or an `assert` of
the learner's own, whatever its words. What a Slip observed is the call's input; it
stands before the exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grader.exams.verdict import Slip

Crash = str | Slip | Mapping[str, str | Slip] | None
"""Which mistake an exception of one call is."""
OWN_RAISE = "(own raise)"
"""In the place of a pattern: what the learner's code raised by itself."""


def slips_of(crash: Crash) -> Iterator[Slip]:
    """Yield each mistake that a call names for its exceptions."""
    named = crash.values() if isinstance(crash, Mapping) else () if crash is None else (crash,)
    for each in named:
        yield Slip(each) if isinstance(each, str) else each


def slip_of(crash: Crash, raised: str, *, is_explained: bool, is_own: bool) -> Slip | None:
    """Return the mistake that a call names for its exception, or None.

    raised: "TypeError: message". is_explained: whether a mistake of the exercise explains it.
    is_own: whether the learner's code raised it by itself.
    """
    slips = slips_of(crash)
    if isinstance(crash, Mapping):
        for pattern, slip in zip(crash, slips, strict=True):
            if is_own if pattern == OWN_RAISE else re.search(pattern, raised):
                return slip
        return None
    return None if is_explained else next(slips, None)
