"""Class 5: reading what is not its own. Each answer is right if it finds what it looks for."""

from tests.attacks.attack import Attack, Attacks
from tests.grading.class_folder import ROOT


def _found(expression: str) -> str:
    """Return an answer whose code is what an expression finds, such as a solution's."""
    return f"""
import glob, os, pathlib, re, sys

def looked():
    return {expression}

def stolen():
    text = looked()
    cell = text[text.index("def first_call"):]
    return re.split(r"### END|# %%", cell.replace("### BEGIN SOLUTION", "pass"))[0]

exec(stolen(), globals())
"""


_SOURCE = f"{ROOT}/solutions/00_start_here/00_start_here.nb.py"
# What a process of its own could read if it were not sealed: a witness that is there out here.
_WITNESS = "LOOKED_FOR_BY_AN_ATTACK"

ATTACKS: Attacks = {
    "the solutions": Attack(_found(f"open({_SOURCE!r}).read()")),
    "the solutions, through links": Attack(
        _found(f"(os.symlink({_SOURCE!r}, 'link'), open('link').read())[1]")
    ),
    "the solutions, through the root of another process": Attack(
        _found(f"open(next(path for path in glob.glob('/proc/[0-9]*/root{_SOURCE}'))).read()")
    ),
    "the solutions, through this process's own files": Attack(
        _found(
            "open(next(path for path in glob.glob('/proc/self/fd/*')"
            " if 'nb.py' in os.readlink(path))).read()"
        )
    ),
    "any notebook or gradebook": Attack(
        _found(
            "next(pathlib.Path(each).read_text() for top in ('/tmp', '/home', '/root', '/work',"
            " '/var', os.getcwd()) for kind in ('nb.py', 'ipynb', 'db', 'jsonl')"
            " for each in glob.glob(f'{top}/**/*.{kind}', recursive=True)"
            " if 'site-packages' not in each and 'def first_call' in pathlib.Path(each).read_text())"
        )
    ),
    "the solution, by the course's own hand": Attack(
        _found("__import__('grader.classroom', fromlist=['solution']).solution('first_call').text")
    ),
    "the command lines and environments of others": Attack(
        "import glob, os\n"
        "texts = [open(path, 'rb').read() for kind in ('environ', 'cmdline')\n"
        "         for path in glob.glob(f'/proc/[0-9]*/{kind}')]\n"
        f"assert any({_WITNESS!r}.encode() in text for text in texts) or {_WITNESS!r} in os.environ\n"
        "from_outside = True\n"
    ),
    "the memory of others": Attack(
        "import glob\n"
        "others = [path for path in glob.glob('/proc/[0-9]*/mem')\n"
        "          if path != '/proc/1/mem' and int(path.split('/')[2]) != __import__('os').getpid()]\n"
        "open(others[0], 'rb').read(1)\n"
    ),
    "an inherited descriptor": Attack(
        "import os, stat\n"
        "def regular(fd):\n"
        "    try: return stat.S_ISREG(os.fstat(fd).st_mode)\n"
        "    except OSError: return False\n"
        "open_files = [fd for fd in range(3, 256) if regular(fd)]\n"
        "text = b''.join(os.pread(fd, 10**6, 0) for fd in open_files)\n"
        "exec(text[text.index(b'def first_call'):].decode())\n"
    ),
}
