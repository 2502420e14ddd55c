"""Follow small commands of the shell over the files of a container; no process is started.

What is not known here has no output and succeeds.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from grader.simulator.disk import VARIABLES, Disk, DiskFull
from grader.simulator.served.python import evaluate, run_python

_HERE = re.compile(
    r"^(?P<head>[^\n]*?)<<-?\s*'?\"?(\w+)'?\"?(?P<to>[^\n]*)\n(?P<text>.*?)\n?^\2\s*$",
    re.DOTALL | re.MULTILINE,
)
_QUOTED = re.compile(
    r"(?P<before>.*?)\bpython3? -c (?P<quote>[\"'])(?P<code>.*)(?P=quote)\s*$", re.DOTALL
)
_SUM = re.compile(r"\$\(\((.*?)\)\)")
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_MOST_WORDS = 2_000
_LINE_BREAK = "\n"


@dataclass
class _Ran:
    output: str = ""
    complaint: str = ""
    code: int = 0


def run_shell(command: str, disk: Disk) -> tuple[str, str, int]:
    """Return a command's output, what it complains of, and its return code."""
    try:
        ran = _run(command, disk)
    except (ValueError, DiskFull):
        return "", "", 0
    return ran.output, ran.complaint, ran.code


def _run(command: str, disk: Disk) -> _Ran:
    here = _HERE.search(command)
    if here is not None:
        before = _run(command[: here.start()], disk) if command[: here.start()].strip() else _Ran()
        first = _fed(f"{here['head']} {here['to']}", here["text"], disk)
        rest = command[here.end() :]
        return _joined(before, first, _run(rest, disk) if rest.strip() else _Ran())
    quoted = _QUOTED.match(command)
    if quoted is not None:
        before = _run(quoted["before"].rstrip().removesuffix("&&"), disk)
        code = quoted["code"]
        code = _expanded(code) if quoted["quote"] == '"' else code
        return _joined(before, _python(code, disk))
    return _follow(command, disk)


def _joined(*parts: _Ran) -> _Ran:
    whole = _Ran()
    for part in parts:
        whole = _Ran(whole.output + part.output, whole.complaint + part.complaint, part.code)
        if part.code:
            break
    return whole


def _fed(command: str, text: str, disk: Disk) -> _Ran:
    """Return what comes of a command that is given a text to read."""
    words = shlex.split(_expanded(command))
    if words and words[0].startswith("python"):
        return _python(text, disk)
    return _one(["cat", *words[1:]] if words[:1] == ["cat"] else words, disk, fed=f"{text}\n")


def _python(code: str, disk: Disk) -> _Ran:
    output, complaint = run_python(code, disk)
    return _Ran(output, complaint, int(bool(complaint)))


def _follow(command: str, disk: Disk) -> _Ran:
    """Return what comes of simple commands with `&&`, `||`, `|` and `;` between them."""
    summed = _SUM.sub(lambda found: evaluate(found[1]) or "", command)
    lexer = shlex.shlex(_expanded(summed, quoted=True), posix=True, punctuation_chars=";&|>\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    whole, words, joint, fed = _Ran(), list[str](), ";", None
    for word in [*islice(lexer, _MOST_WORDS), ";"]:
        if word.strip("\n;&|"):
            words.append(word)
            continue
        if words and (joint not in ("&&", "||") or (whole.code == 0) == (joint == "&&")):
            ran = _one(words, disk, fed=fed)
            fed = ran.output if word == "|" else None
            output = whole.output + ("" if word == "|" else ran.output)
            whole = _Ran(output, whole.complaint + ran.complaint, ran.code)
        if words:
            joint = word
        words = []
    return whole


def _expanded(command: str, *, quoted: bool = False) -> str:
    """Return a command with its variables; quoted: what stands in single quotes stays."""

    def put(text: str) -> str:
        return _VARIABLE.sub(lambda found: VARIABLES.get(found[1], ""), text)

    if not quoted:
        return put(command)
    parts = re.split(r"('[^']*')", command)
    return "".join(part if part.startswith("'") else put(part) for part in parts)


def _one(words: list[str], disk: Disk, *, fed: str | None = None) -> _Ran:
    """Return what comes of one command, whose output may go to a file."""
    target, mode = None, ""
    for sign in (">>", ">"):
        if sign in words:
            at = words.index(sign)
            target, mode = (words[at + 1 :] or [""])[0], sign
            words = words[:at] + words[at + 2 :]
    if not words or words[0] not in _COMMANDS:
        return _Ran()
    ran = _COMMANDS[words[0]](words[1:], disk, fed)
    if target:
        old = b""
        if mode == ">>":
            try:
                old = disk.read(target)
            except FileNotFoundError:
                old = b""
        disk.write(target, old + ran.output.encode())
        return _Ran("", ran.complaint, ran.code)
    return ran


_Command = Callable[[list[str], Disk, str | None], _Ran]


def _cat(given: list[str], disk: Disk, fed: str | None) -> _Ran:
    if not given:
        return _Ran(fed or "")
    return _each_of("cat", given, disk, lambda text: text)


def _head(given: list[str], disk: Disk, fed: str | None) -> _Ran:
    numbers = [int(each.lstrip("-n")) for each in given if re.fullmatch(r"-?n?\d+", each)]
    files = [each for each in given if not re.fullmatch(r"-n?|-?n?\d+", each)]
    count = numbers[0] if numbers else 10

    def cut(text: str) -> str:
        return "".join(text.splitlines(keepends=True)[:count])

    return _each_of("head", files, disk, cut) if files else _Ran(cut(fed or ""))


def _wc(given: list[str], disk: Disk, fed: str | None) -> _Ran:
    files = [each for each in given if each != "-l"]
    if not files:
        return _Ran(f"{(fed or '').count(_LINE_BREAK)}\n") if "-l" in given else _Ran()
    counted = [_each_of("wc", [name], disk, lambda text: str(text.count("\n"))) for name in files]
    lines = [
        ran if ran.code else _Ran(f"{ran.output} {name}\n")
        for ran, name in zip(counted, files, strict=True)
    ]
    return _joined(*lines) if "-l" in given else _Ran()


def _each_of(name: str, files: list[str], disk: Disk, change: Callable[[str], str]) -> _Ran:
    whole = _Ran()
    for path in files:
        try:
            whole.output += change(disk.read(path).decode("utf-8", "replace"))
        except FileNotFoundError:
            whole.complaint += f"{name}: {path}: No such file or directory\n"
            whole.code = 1
    return whole


def _ls(given: list[str], disk: Disk, _fed: str | None) -> _Ran:
    folders = [each for each in given if not each.startswith("-")] or [disk.folder]
    whole = _Ran()
    for folder in folders:
        if not disk.is_folder(folder):
            whole.complaint += f"ls: cannot access '{folder}': No such file or directory\n"
            whole.code = 2
        whole.output += "".join(f"{name}\n" for name in disk.names_in(folder))
    return whole


def _cd(given: list[str], disk: Disk, _fed: str | None) -> _Ran:
    folder = given[0] if given else VARIABLES["HOME"]
    if not disk.is_folder(folder):
        return _Ran("", f"cd: {folder}: No such file or directory\n", 1)
    disk.folder = disk.path_of(folder)
    return _Ran()


def _cp(given: list[str], disk: Disk, _fed: str | None) -> _Ran:
    *sources, target = [each for each in given if not each.startswith("-")] or [""]
    for source in sources:
        try:
            data = disk.read(source)
        except FileNotFoundError:
            return _Ran("", f"cp: cannot stat '{source}': No such file or directory\n", 1)
        name = source.rsplit("/", 1)[-1]
        disk.write(f"{target.rstrip('/')}/{name}" if disk.is_folder(target) else target, data)
    return _Ran()


def _echo(given: list[str], _disk: Disk, _fed: str | None) -> _Ran:
    return _Ran(" ".join(given) + "\n")


def _program(given: list[str], disk: Disk, fed: str | None) -> _Ran:
    if not given:
        return _python(fed or "", disk)
    try:
        return _python(disk.read(given[0]).decode("utf-8", "replace"), disk)
    except FileNotFoundError:
        return _Ran("", f"python3: can't open file '{given[0]}': No such file or directory\n", 2)


_COMMANDS: Mapping[str, _Command] = {
    "cat": _cat,
    "cd": _cd,
    "cp": _cp,
    "echo": _echo,
    "head": _head,
    "ls": _ls,
    "pwd": lambda _given, disk, _fed: _Ran(f"{disk.folder}\n"),
    "python": _program,
    "python3": _program,
    "true": lambda _given, _disk, _fed: _Ran(),
    "wc": _wc,
}
