"""What people do in notebooks, and what costs nobody a point in Jupyter.

Each habit is the cells that somebody puts on top of a notebook, behind its imports. Where a cell is
to wrap an answer it says so by its name.
"""

from collections.abc import Mapping

_THREAD = "import threading, time\nstop = threading.Event()\n"
_WRAP = (
    "_mine = first_call\ndef first_call(client, prompt):\n{body}\n    return _mine(client, prompt)"
)

MAGICS: Mapping[str, tuple[str, ...]] = {
    "plots inline": ("%matplotlib inline",),
    "plots by themselves": ("%matplotlib",),
    "sharp plots": ("%config InlineBackend.figure_format = 'retina'",),
    "a timed cell": ("%%time\ntimed = sum(range(10))",),
    "a timed line": ("%time sum(range(10))", "%timeit -n1 -r1 sum(range(10))"),
    "a captured cell": ("%%capture caught\nprint('caught')", "caught.show()"),
    "modules that reload": ("%load_ext autoreload\n%autoreload 2",),
    "another folder": ("import os\nos.makedirs('data', exist_ok=True)\n%cd data", "%cd .."),
    "an environment": ("%env NOTEBOOK_MODE=practice", "%set_env A=1"),
    "short tracebacks": ("%xmode Minimal",),
    "names listed": ("%whos", "%who_ls"),
    "kept values": ("kept = 1\n%store kept",),
    "HTML": ("%%html\n<b>notes</b>",),
    "everything forgotten first": ("x = 1", "%reset_selective -f x"),
    "a question mark": ("import json\njson.dumps?",),
}
SHELL_LINES: Mapping[str, tuple[str, ...]] = {
    "pip in a shell": ("!pip install -q anthropic",),
    "pip as a magic": ("%pip install -q anthropic",),
    "a listing": ("!ls -la", "!!ls"),
    "a listing in a name": ("files = !ls\nprint(len(files))",),
    "a script": ("%%bash\necho hello",),
    "a script whose output is kept": ("%%sh --out said\necho hello", "print(said)"),
    "a program by os.system": ("import os\nos.system('echo hello')",),
    "in the middle of a cell": ("before = 1\n!echo hello\nafter = 2", "print(before + after)"),
}
NAMES: Mapping[str, tuple[str, ...]] = {
    **{
        f"{name} is a value": (f"{name} = {value}",)
        for name, value in {
            "int": "3",
            "globals": "{}",
            "list": "[1, 2]",
            "str": "'text'",
            "dict": "{'a': 1}",
            "len": "5",
            "sum": "0",
            "id": "'cust_1'",
            "type": "'text'",
            "input": "'hello'",
            "iter": "0",
            "next": "1",
            "max": "10",
            "__import__": "None",
            "os": "'Linux'",
            "sys": "None",
            "lines": "[]",
            "token": "''",
        }.items()
    },
    "a star import": ("from math import *\nfrom os.path import *",),
    "a loop over builtins": ("for filter, map in [(1, 2)]:\n    pass",),
}
MODULES: Mapping[str, tuple[str, ...]] = {
    "a written module": (
        "%%writefile notes_of_mine.py\ndef answer():\n    return 42",
        "from notes_of_mine import answer\nassert answer() == 42",
    ),
    "a package of one's own": (
        (
            "import os\nos.makedirs('mine', exist_ok=True)\nopen('mine/__init__.py', 'w').close()\n"
            "open('mine/part.py', 'w').write('x = 1')"
        ),
        "from mine.part import x\nimport mine",
    ),
    "a script that is run": ("%%writefile run_me.py\nran = True", "%run run_me.py\nassert ran"),
    "files read and written": (
        "import json, pathlib\npathlib.Path('log.json').write_text(json.dumps([1]))",
        "import csv, tempfile\nwith tempfile.TemporaryFile() as file:\n    file.write(b'x')",
    ),
}
THREADS: Mapping[str, tuple[str, ...]] = {
    "a daemon that sleeps": (
        f"{_THREAD}threading.Thread(target=stop.wait, args=(600,), daemon=True).start()",
    ),
    "a daemon that polls and prints": (
        (
            f"{_THREAD}def poll():\n    while not stop.wait(0.05):\n        print('.', end='')\n"
            "threading.Thread(target=poll, daemon=True).start()"
        ),
    ),
    "a pool": (
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(8) as pool:\n    print(sum(pool.map(abs, range(-20, 20))))"
        ),
    ),
    "a task left running": (
        "import asyncio\nleft = asyncio.create_task(asyncio.sleep(600))",
        "await asyncio.sleep(0)",
    ),
    "a timer": ("import threading\nthreading.Timer(0.01, print, args=('late',)).start()",),
}
PRINTS: Mapping[str, tuple[str, ...]] = {
    "no blanks": ("print('i' * 200_000)",),
    "many lines": ("for number in range(20_000): print(number)",),
    "megabytes": ("print('x' * 5_000_000)",),
    "every shape": (
        r"print('\x1b[31mred\x1b[0m \r over \b \a', 'é𝒳', '\u202e', repr('\ud800'))",
        "print('{', '\"', '<b>', '</script>', '$x$', '`', sep='\\n\\n')",
        "import sys\nprint('to stderr', file=sys.stderr, flush=True)\nsys.stdout.write('no end')",
    ),
    "displays": (
        (
            "from IPython.display import HTML, display, clear_output\n"
            "display(HTML('<script>1</script>'))\nclear_output()\ndisplay({'a': [1] * 1000})"
        ),
    ),
    "lines like the exam's": ('print(\'{"hello": "token"}\')\nprint(\'{"do": "end"}\')\nprint(4)',),
}
OTHER: Mapping[str, tuple[str, ...]] = {
    "an environment that is emptied": ("import os\nos.environ.clear()",),
    "chance that is fixed": ("import random\nrandom.seed(1)\nrandom.seed = None",),
    "warnings are errors": ("import warnings\nwarnings.simplefilter('error')",),
    "logging": ("import logging\nlogging.basicConfig(level='DEBUG', force=True)",),
    "stdout put aside": (
        (
            "import io, sys\nkept_out, sys.stdout = sys.stdout, io.StringIO()\nprint('hidden')\n"
            "sys.stdout = kept_out"
        ),
    ),
    "decimals of four digits": ("import decimal\ndecimal.getcontext().prec = 4",),
    "no garbage is collected": ("import gc\ngc.disable()",),
    "Ctrl+C is ignored": ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",),
    "cells that fail": ("1 / 0", "raise RuntimeError('tried')", "assert False", "undefined_name"),
    "a cell that is no Python": ("this is no Python", "def half(:"),
    "a cell that exits": ("import sys\nsys.exit(1)",),
    "the future": ("from __future__ import annotations",),
    "a main of its own": ("if __name__ == '__main__':\n    print('main')",),
    "an empty cell": ("", "   \n", "# nothing"),
    "await at the top": ("import asyncio\nawait asyncio.gather(asyncio.sleep(0))",),
    "a check of one's own": ("from grader.classroom import check\ncheck('describe_reply')",),
    "a widget": ("from ipywidgets import IntSlider, interact\ninteract(lambda x: x, x=3)",),
}
HABITS = {**MAGICS, **SHELL_LINES, **NAMES, **MODULES, **THREADS, **PRINTS, **OTHER}

WRAPPED: Mapping[str, str] = {
    "an answer that prints without blanks": _WRAP.format(body="    print('i' * 20_000)"),
    "an answer that prints a lot": _WRAP.format(body="    print('line\\n' * 50_000)"),
    "an answer that warns": _WRAP.format(
        body="    import sys, warnings\n    warnings.warn('old')\n    print('!', file=sys.stderr)"
    ),
    "an answer that logs": _WRAP.format(
        body="    import logging\n    logging.getLogger().error('called')"
    ),
    "an answer with a thread": _WRAP.format(
        body="    import threading\n    threading.Thread(target=print, args=('in it',)).start()"
    ),
}
"""Cells behind the answer of `first_call`, which call it."""
