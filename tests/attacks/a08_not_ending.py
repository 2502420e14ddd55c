"""Class 8: code that does not end. Its exercise is 0, the rest is graded, nothing is left."""

from tests.attacks.attack import ALL, RIGHT_CALL, Attack, Attacks

_CALL = "def first_call(client, prompt):\n"
_LATE = "deadline"

ATTACKS: Attacks = {
    "a loop in the call": Attack(f"{_CALL}    while True: pass", flag=_LATE),
    "a loop that catches everything": Attack(
        f"{_CALL}"
        "    while True:\n"
        "        try:\n"
        "            while True: pass\n"
        "        except BaseException: pass",
        flag=_LATE,
    ),
    "a loop that ignores the interrupt": Attack(
        f"import signal\n{_CALL}    signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "    while True: pass",
        flag=_LATE,
    ),
    "a loop in a cell": Attack(RIGHT_CALL, before=("while True: pass",), points=(ALL, 3)),
    "a loop in a cell that ignores the interrupt": Attack(
        RIGHT_CALL,
        before=("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",),
        points=(ALL, 3),
    ),
    "a wait without an end": Attack(
        f"import threading\n{_CALL}    threading.Event().wait()", flag=_LATE
    ),
    "a deadlock": Attack(
        f"import threading\n{_CALL}"
        "    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()",
        flag=_LATE,
    ),
    "a deadlock of tasks": Attack(
        RIGHT_CALL,
        before=("import asyncio\nawait asyncio.Event().wait()",),
        points=(ALL, 3),
    ),
    "a question to the keyboard": Attack(
        RIGHT_CALL, before=("name = input('Who are you? ')",), points=(ALL, 3)
    ),
    "a thread that stays": Attack(
        RIGHT_CALL,
        before=(
            (
                "import threading, time\n"
                "threading.Thread(target=lambda: time.sleep(10**6), daemon=False).start()"
            ),
        ),
        points=(ALL, 3),
    ),
    "a regular expression": Attack(
        f"import re\n{_CALL}    re.match('(a+)+$', 'a' * 60 + 'b')", flag=_LATE
    ),
}
