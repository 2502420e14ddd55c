"""Invoices of every shape, and the replies that hold them as JSON: whole, in pieces, cut off."""

from __future__ import annotations

import json
import re
from typing import Any

from grader.exams import Case, Exam
from grader.simulator import Turn, refusal, text

Json = Any

FIELDS = ("number", "vendor", "date", "currency", "total")
PIECES = (
    "one",
    "two",
    "three",
    "a space apart",
    "cut in an escape",
    "an empty one first",
    "some of them alike",
)
"""In how many texts the JSON comes, and where it is cut."""
_STOP = "END-OF-INVOICE"


def invoice_of(exam: Exam, case: Case) -> dict[str, str]:
    """Return the fields of an invoice."""
    numbers = {
        "letters and digits": exam.fresh("INV"),
        "digits": f"{exam.number(100, 999)}{exam.number(1, 9)}",
        "zeros first": f"00{exam.number(10, 99)}{exam.number(1, 9)}",
    }
    vendors = {
        "words": exam.words(2).title(),
        "other letters": f"Müller {exam.words(1)} 株式会社 A/S 🪑",
        "quotes": f'{exam.words(1)} "{exam.words(1)}" \\ Söhne',
        "braces": f"{exam.words(1)} }} & {{{exam.words(1)}}} KG",
        "a word of JSON": "null",
    }
    # A zero that somebody may drop is never there by chance.
    dates = {
        "no zeros": f"2026-1{exam.number(1, 2)}-{exam.number(1, 2)}{exam.number(1, 8)}",
        "zeros": f"2026-0{exam.number(1, 9)}-{exam.pick(10, 20)}",
    }
    totals = {
        "cents": f"{exam.number(100, 999)}.{exam.number(1, 9)}{exam.number(1, 9)}",
        "a zero at the end": f"{exam.number(100, 999)}.{exam.number(1, 9)}0",
        "no cents": f"{exam.number(100, 999)}.00",
        "less than one": f"0.0{exam.number(1, 9)}",
        "no decimals": f"{exam.number(1, 9)}{exam.number(100, 999)}",
        "a million": f"{exam.number(1, 9)}000000.{exam.number(1, 9)}{exam.number(1, 9)}",
    }
    return {
        "number": numbers[case.number],
        "vendor": vendors[case.vendor],
        "date": dates[case.date],
        "currency": case.currency,
        "total": totals[case.total],
    }


def written(invoice: dict[str, Json], case: Case) -> str:
    """Return an invoice as JSON, which has many ways to be written."""
    if case.written == "escaped":
        # What only JSON reads: Python has no such escape of a stroke. A letter of two escapes,
        # which Python reads as two letters, would look different behind a socket.
        return json.dumps(invoice).replace("/", "\\/").replace("\\ud83e\\ude91", "🪑")
    indent = 2 if case.written == "over lines" else None
    return json.dumps(invoice, ensure_ascii=False, indent=indent)


def cut(words: str, pieces: str) -> list[str]:
    """Return the pieces of a JSON text with an escape in it; pieces: one of `PIECES`."""
    date = words.index('"date"')
    match pieces:
        case "one":
            return [words]
        case "two":
            return [words[:date], words[date:]]
        case "three":
            return [words[:date], words[date : date + 9], words[date + 9 :]]
        case "a space apart":
            # That's in the middle of a value, where each piece is as good as any other.
            place = words.index("ller ") + 4
            return [words[:place], words[place : place + 1], words[place + 1 :]]
        case "cut in an escape":
            place = words.index("\\u") + 3
            return [words[:place], words[place:]]
        case "some of them alike":
            return re.split('(": ")', words)
        case _:
            return ["", words]


def text_of(exam: Exam, case: Case) -> str:
    """Return an invoice as somebody typed it; only its reply says what is in it."""
    begin = f"Invoice {exam.fresh('no')} of {exam.words(2)}"
    total = f"Total: {exam.number(10, 999)}"
    texts = {
        "a line": f"{begin}, {total}",
        "lines": f"{begin}\n\n\t{total}",
        "braces and quotes": f'{begin} {{"net"}} {{0}} %s \\ {total}',
        "other letters": f"{begin} für Müller, 合計, {total} €",
        "long": f"{begin}\n" + "\n".join(exam.words(12) for _ in range(60)) + f"\n{total}",
    }
    return texts[case.text]


def stopped(case: Case, invoice: dict[str, str]) -> Turn:
    """Return a reply that ended otherwise than well; what it holds can be whole all the same."""
    whole = json.dumps(invoice)
    cut_off = whole[:-9]
    held = {"a cut-off text": [cut_off], "the whole JSON": [whole], "nothing": []}[case.held]
    if case.reason == "refusal":
        return refusal(None, None, *map(text, held))
    blocks = tuple({"type": "text", "text": words} for words in held)
    stop = _STOP if case.reason == "stop_sequence" else None
    return Turn(blocks, stop_reason=case.reason, stop_sequence=stop)
