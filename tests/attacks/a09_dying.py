"""Class 9: code that ends its process. Its exercise is 0, the rest is graded."""

from tests.attacks.attack import ALL, RIGHT_CALL, Attack, Attacks

_CALL = "def first_call(client, prompt):\n"
_DEAD = "ended its kernel"
_SEGFAULT = "import ctypes\nctypes.string_at(0)"

ATTACKS: Attacks = {
    "os._exit": Attack(f"import os\n{_CALL}    os._exit(0)", flag=_DEAD),
    "os._exit after a right call": Attack(
        f"{RIGHT_CALL}\nright = first_call\nimport os\n"
        f"{_CALL}    right(client, prompt)\n    os._exit(0)",
        flag=_DEAD,
    ),
    "os._exit in a cell": Attack(RIGHT_CALL, before=("import os\nos._exit(3)",), points=(ALL, 3)),
    "os._exit in the exercise's cell": Attack("import os\nos._exit(3)"),
    "sys.exit": Attack(f"import sys\n{_CALL}    sys.exit(0)"),
    "sys.exit in a cell": Attack(RIGHT_CALL, before=("import sys\nsys.exit()",), points=(ALL, 3)),
    "a segmentation fault": Attack(
        f"{_CALL}    {_SEGFAULT.replace(chr(10), chr(10) + '    ')}", flag=_DEAD
    ),
    "a segmentation fault in a cell": Attack(RIGHT_CALL, before=(_SEGFAULT,), points=(ALL, 3)),
    "KeyboardInterrupt": Attack(f"{_CALL}    raise KeyboardInterrupt"),
    "recursion": Attack(f"{_CALL}    return first_call(client, prompt)"),
    "recursion without a limit": Attack(
        f"import sys\n{_CALL}    sys.setrecursionlimit(10**9)\n    f = lambda x: f(x)\n    f(1)",
    ),
    "out of memory": Attack(f"{_CALL}    return ['x' * 10**8 for _ in range(10**4)]"),
    # Refused, like every signal but an interrupt to itself.
    "a signal to itself": Attack(
        f"import os, signal\n{_CALL}    os.kill(os.getpid(), signal.SIGKILL)"
    ),
    "abort": Attack(f"import os\n{_CALL}    os.abort()", flag=_DEAD),
}
