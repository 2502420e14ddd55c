"""Class 13: the exam itself. Only what reached the API, and what came of it, earns points."""

from grader.grading.kernels.messages import EXAM
from tests.attacks.attack import Attack, Attacks

_ASK = """
def asked(client, prompt, model="claude-sonnet-4-6"):
    message = client.messages.create(
        model=model, max_tokens=99, messages=[{"role": "user", "content": prompt}]
    )
    return "".join(block.text for block in message.content if block.type == "text")
"""
_CALL = "def first_call(client, prompt):\n"


def _writes(line: str, then: str = "return 'x'") -> str:
    return f"import os\n{_CALL}    os.write({EXAM}, {line})\n    {then}"


ATTACKS: Attacks = {
    "calls and ignores the reply": Attack(
        f"{_ASK}\n{_CALL}    asked(client, prompt)\n    return prompt", points=(2, 3)
    ),
    "right once, wrong after": Attack(
        f"{_ASK}\ncount = 0\n{_CALL}"
        "    global count\n    count += 1\n"
        "    return asked(client, prompt) if count == 1 else 'x'",
        points=(0, 3),
    ),
    "says what it was told before": Attack(
        f"{_ASK}\nknown = []\n{_CALL}    known.append(asked(client, prompt))\n    return known[0]",
        points=(2, 3),
    ),
    "a report of its own": Attack(
        _writes('b\'{"outcome": "returned", "value": "x", "arguments": [1, 2], "printed": ""}\\n\'')
    ),
    "a report with the right number": Attack(
        _writes(
            'b\'{"outcome": "returned", "value": "x", "arguments": [1, 2], "printed": "", '
            '"number": 1}\\n\''
        )
    ),
    "many reports": Attack(_writes('b\'{"outcome": "missing"}\\n\' * 1000')),
    "no JSON": Attack(_writes("b'}{\\n'"), flag="was not an answer"),
    "a question out of turn": Attack(_writes('b\'{"ask": "event", "stream": 9}\\n\'')),
    "lines without an end": Attack(
        f"import os\n{_CALL}    while True: os.write({EXAM}, b'x' * 65536)"
    ),
    "a line of the exam's side": Attack(_writes('b\'{"do": "end"}\\n\'')),
    "closes the line": Attack(f"import os\n{_CALL}    os.closerange(3, 256)\n    return 'x'"),
    # Every kernel of this notebook runs the cell, so none of its exams is heard.
    "closes the line in a cell": Attack(before=(f"import os\nos.close({EXAM})",), points=(0, 0)),
    "keeps writing from a thread": Attack(
        "import os, threading, time\n"
        "def noise():\n"
        "    while True:\n"
        f'        os.write({EXAM}, b\'{{"outcome": "returned"}}\\n\')\n'
        "        time.sleep(0.001)\n"
        "threading.Thread(target=noise, daemon=True).start()",
        points=(0, 0),
    ),
    "reads the exam's lines": Attack(
        f"import os\n{_CALL}    return os.read({EXAM}, 10**6).decode()", flag="deadline"
    ),
}
