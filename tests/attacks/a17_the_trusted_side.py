"""Class 17: the process that grades. What it reads of a notebook costs it little, whatever it is.

Each of these once took minutes, or gigabytes, out of the process that examines everybody.
"""

from grader.grading.kernels.messages import EXAM
from tests.attacks.attack import ALL, RIGHT_CALL, Attack, Attacks

_CALL = "def first_call(client, prompt):\n"
_WIDE = 2**61 - 1


def _prints(text: str, *, times: int = 1) -> Attack:
    """Answer rightly, and print a text at each call."""
    return Attack(
        f"{RIGHT_CALL}\n_right = first_call\n{_CALL}"
        f"    for _ in range({times}): print({text})\n"
        "    return _right(client, prompt)",
        points=(ALL, 3),
        seconds=20,
    )


def _forges(fields: str, *, outcome: str = "returned", then: str = "") -> Attack:
    """Write a report with these fields, as an expression of a dict, before the true one."""
    return Attack(
        "import json, socket, os\n"
        f"{_CALL}"
        "    report = {'outcome': %r, 'value': 'x', 'arguments': [1, 2], 'printed': '',\n"
        "              'type': 'E', 'kinds': ['E', 'Exception'], 'message': '', 'traceback': '',\n"
        "              'raised_in': '', 'is_own': True, 'where': '', 'number': 1}\n"
        "    report.update(%s)\n"
        f"    with socket.socket(fileno=os.dup({EXAM})) as line:\n"
        "        line.sendall(json.dumps(report).encode() + b'\\n')\n"
        "    return %s" % (outcome, fields, then or "'x'"),
        seconds=20,
    )


def _value(value: str) -> Attack:
    return _forges(f"{{'value': {value}}}")


def _floods(line: str, *, before: bool = False, flag: str = "was not an answer") -> Attack:
    """Send lines on the exam's descriptor without an end; before: not only when it asks."""
    flood = (
        "import socket, os\n"
        "def flood():\n"
        f"    with socket.socket(fileno=os.dup({EXAM})) as line:\n"
        f"        while True: line.sendall({line})\n"
    )
    if before:
        thread = "import threading\nthreading.Thread(target=flood, daemon=True).start()"
        return Attack(RIGHT_CALL, before=(flood + thread,), points=(0, 0), seconds=20)
    return Attack(f"{flood}{_CALL}    flood()", flag=flag)


def _sends(content: str, *, times: int, points: int = 1) -> Attack:
    """Ask rightly, and before the answer send a body many times; the exam ends at one of them.

    points: 2 where none of them was taken in, for then the right request is the last.
    """
    return Attack(
        f"{RIGHT_CALL}\n_right = first_call\n{_CALL}"
        "    answer = _right(client, prompt)\n"
        '    body = (b\'{"model": "claude-sonnet-4-6", "max_tokens": 9, "messages": \'\n'
        f'            b\'[{{"role": "user", "content": \' + {content} + b\'}}]}}\')\n'
        f"    for _ in range({times}):\n"
        "        try:\n"
        "            client.post('/v1/messages', cast_to=object, content=body,\n"
        "                        options={'headers': {'content-type': 'application/json'}})\n"
        "        except Exception: pass\n"
        "    return answer",
        points=(points, 3),
        seconds=20,
    )


ATTACKS: Attacks = {
    "prints one letter without a blank": _prints("'i' * 20_000"),
    "a set of numbers that have one hash": _value(
        f"{{'$': 'set', 'items': [k * {_WIDE} for k in range(60_000)]}}"
    ),
    "a flood of short lines": _floods("b'0\\n' * 100_000"),
    "a few requests of 20 MB": _sends("b'\"' + b'x' * (20 << 20) + b'\"'", times=6),
    "prints the beginning of a cell's file": _prints("'ipykernel_' * 2_000"),
    "prints files of cells in files of cells": _prints("'/ipykernel_1/2.py' * 1_200"),
    "prints quotes": _prints('"\'" * 20_000'),
    "prints addresses": _prints("' at 0x' * 3_000 + '1' * 2_000"),
    "prints base64": _prints(
        "__import__('base64').b64encode(bytes(range(256)) * 60).decode()", times=5
    ),
    "prints colours": _prints("'\\x1b[' * 5_000 + '0;' * 5_000"),
    "prints digits and strokes": _prints("'1/' * 10_000"),
    "prints what is wide on disk": _prints("'\\U0001f600' * 20_000"),
    "a report that printed a megabyte": _forges("{'printed': 'i' * 10**6}"),
    "a report with a long traceback": _forges(
        "{'traceback': 'i' * 10**7, 'message': 'i' * 10**7}", outcome="raised"
    ),
    "a report with a long message of an API error": _forges(
        "{'type': 'E' * 10**6, 'message': 'Error code: 400 - {' * 10**5 + '}'}", outcome="raised"
    ),
    "a report of many kinds": _forges(
        "{'kinds': ['E' * 1_000] * 10_000, 'raised_in': 'i' * 10**6}", outcome="raised"
    ),
    "a report of kinds that are lists": _forges("{'kinds': [[['E']]] * 9}", outcome="raised"),
    "a report of a long place": _forges("{'where': 'i' * 10**7}", outcome="stuck"),
    "a report of many arguments": _forges("{'arguments': [[]] * 10**6}"),
    "a dict of keys that have one hash": _value(
        f"{{'$': 'dict', 'items': [[k * {_WIDE}, 0] for k in range(60_000)]}}"
    ),
    "sets of sets that have one hash": _value(
        "{'$': 'set', 'items': [{'$': 'set', 'items': "
        f"[(k * 200 + n) * {_WIDE} for n in range(200)]}} for k in range(200)]}}"
    ),
    "tuples that have one hash": _value(
        "{'$': 'set', 'items': [{'$': 'tuple', 'items': "
        f"[1, k * {_WIDE}]}} for k in range(20_000)]}}"
    ),
    "decimals that have one hash": _value(
        "{'$': 'set', 'items': [{'$': 'decimal', 'text': "
        f"str(k * {_WIDE})}} for k in range(20_000)]}}"
    ),
    "many small sets of one hash": _value(
        f"[{{'$': 'set', 'items': [k * {_WIDE} for k in range(900)]}} for _ in range(50)]"
    ),
    "a value that is no description": _value(
        "{'$': 'record', 'type': 'a', 'fields': [[]] * 10**6}"
    ),
    "a value of 950 levels": _forges("{'value': json.loads('[' * 950 + ']' * 950)}"),
    "a report of 985 levels": _forges("{'more': json.loads('[' * 985 + ']' * 985)}"),
    "a text of a value of a million levels": Attack(
        f"import os\n{_CALL}"
        f'    os.write({EXAM}, b\'{{"outcome": "missing", "more": \' + b\'[\' * 60_000)\n'
        f"    os.write({EXAM}, b']' * 60_000 + b'}}\\n')\n    return 'x'"
    ),
    "a flood of lines that are no JSON": _floods("b'}{\\n' * 100_000"),
    # It reads no answer, so the time ends it where the number of questions does not.
    "a flood of questions": _floods(
        'b\'{"ask": "event", "stream": 1, "number": 1}\\n\' * 10_000', flag="deadline"
    ),
    "a flood of short lines before any exam": _floods("b'0\\n' * 100_000", before=True),
    "many requests of a megabyte": _sends("b'\"' + b'x' * (1 << 20) + b'\"'", times=200),
    "requests of many empty lists": _sends("b'[' + b'[],' * (4 << 20) + b'[]]'", times=4, points=2),
    "requests of numbers that have one hash": _sends(
        f"str([k * {_WIDE} for k in range(1, 1_500)]).encode()", times=4, points=2
    ),
}
