"""Class 10: floods. Limits hold, others are undisturbed, and what was right before still counts."""

from tests.attacks.attack import ALL, RIGHT_CALL, Attack, Attacks

_CALL = "def first_call(client, prompt):\n"


def _cell(source: str) -> Attack:
    return Attack(RIGHT_CALL, before=(source,), points=(ALL, 3))


ATTACKS: Attacks = {
    "processes": _cell("import os\nwhile True: os.fork()"),
    "processes by another way": _cell(
        "import subprocess, sys\n"
        "children = [subprocess.Popen([sys.executable, '-c', 'while True: pass'])"
        " for _ in range(500)]"
    ),
    "threads": _cell(
        "import threading, time\n"
        "for _ in range(100_000):\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    ),
    "memory": _cell("hog = [bytearray(10**8) for _ in range(10**4)]"),
    "disk": _cell(
        "with open('big', 'wb') as file:\n    for _ in range(10**5): file.write(b'x' * 10**6)"
    ),
    "files": _cell("import os\nfor number in range(10**7): open(f'f{number}', 'w').close()"),
    "descriptors": _cell("kept = [open('/dev/null') for _ in range(10**6)]"),
    "one long line": _cell("print('x' * 200_000_000)"),
    "many lines": _cell("for number in range(3_000_000): print(number)"),
    "many displays": _cell(
        "from IPython.display import display\nfor number in range(100_000): display(number)"
    ),
    "100,000 calls": Attack(
        f"{_CALL}"
        "    for _ in range(100_000):\n"
        "        try:\n"
        "            client.messages.create(model='claude-sonnet-4-6', max_tokens=9,\n"
        "                messages=[{'role': 'user', 'content': prompt}])\n"
        "        except Exception: pass",
        # The exam ends it at its 2,000th request; the prompt did arrive.
        points=(1, 3),
        seconds=20,
    ),
    "100,000 calls that go on when told to stop": Attack(
        f"{_CALL}"
        "    for _ in range(100_000):\n"
        "        try:\n"
        "            client.messages.create(model='claude-sonnet-4-6', max_tokens=9,\n"
        "                messages=[{'role': 'user', 'content': prompt}])\n"
        "        except BaseException: pass"
    ),
    "a request of a gigabyte": Attack(
        f"{_CALL}"
        "    client.messages.create(model='claude-sonnet-4-6', max_tokens=9,\n"
        "        messages=[{'role': 'user', 'content': prompt * 10**9}])"
    ),
    "a request of a hundred megabytes": Attack(
        f"{_CALL}"
        "    client.messages.create(model='claude-sonnet-4-6', max_tokens=9,\n"
        "        messages=[{'role': 'user', 'content': 'x' * 10**8}])"
    ),
}
