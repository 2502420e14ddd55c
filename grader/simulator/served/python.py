"""Follow small Python programs: sums, prints, loops, files of the container, tables, one plot.

Nothing is run. A program is read as Python's syntax tree, and only what stands here is followed,
within bounds; anything else ends it with what it has printed so far.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import operator
import posixpath
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from grader.simulator.disk import VARIABLES, Disk, DiskFull
from grader.simulator.served.drawing import draw_bars

_MOST_STEPS = 100_000
_LARGEST = 10**1_000
_LONGEST = 200_000
_MOST_OUTPUT = 20_000
_LARGEST_POWER = 1_000
_LONGEST_CODE = 10_000
_MOST_DIGITS = 20

_OPERATIONS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARED: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_SIGNS: Mapping[type, Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "float": float,
    "int": int,
    "len": len,
    "list": list,
    "max": max,
    "min": min,
    "round": round,
    "sorted": sorted,
    "str": str,
    "sum": sum,
}
_MODULES = {"csv", "json", "os", "os.path", "matplotlib.pyplot", "matplotlib"}
_OF_TEXT = {"lower", "split", "splitlines", "startswith", "endswith", "strip", "title", "upper"}
_OF_TABLES = {"get", "items", "keys", "values"}
_PLOTTED = {"bar", "plot", "scatter"}
_CONSTANT = (int, float, str, bool, type(None))


class _Unread(Exception):
    """Say that a program is more than is followed here."""


_UNREADABLE = (
    _Unread,
    ArithmeticError,
    AttributeError,
    DiskFull,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    csv.Error,
)


class _File:
    """Hold a file that a program has opened."""

    def __init__(self, disk: Disk, path: str, mode: str) -> None:
        self._disk, self._path = disk, path
        self.is_written = mode[:1] in ("w", "a")
        is_read = mode[:1] in ("r", "a")
        try:
            self.text = disk.read(path).decode("utf-8", "replace") if is_read else ""
        except FileNotFoundError:
            if mode[:1] == "r":
                raise
            self.text = ""

    def write(self, text: str) -> int:
        self.text = _bounded(self.text + text)
        return len(text)

    def close(self) -> None:
        if self.is_written:
            self._disk.write(self._path, self.text.encode())


def evaluate(expression: str) -> str | None:
    """Return the value of a sum as Python prints it, None where it is none."""
    try:
        parsed = _parse(expression.strip())
        (statement,) = parsed.body
        if not isinstance(statement, ast.Expr):
            return None
        return str(_Run(Disk()).value(statement.value))
    except (SyntaxError, FileNotFoundError, *_UNREADABLE):
        return None


def run_python(code: str, disk: Disk) -> tuple[str, str]:
    """Return what a program prints, and what it complains of; it may write to the disk."""
    run = _Run(disk)
    try:
        for statement in _parse(code).body:
            run.follow(statement)
    except (ZeroDivisionError, FileNotFoundError) as error:
        return run.output, f"{type(error).__name__}: {error}\n"
    except SyntaxError as error:
        return "", f"SyntaxError: {error.msg}\n"
    except _UNREADABLE:
        return run.output, ""
    return run.output, ""


def _parse(code: str) -> ast.Module:
    if len(code) > _LONGEST_CODE:
        raise _Unread
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


class _Run:
    """Follow a program, within bounds."""

    def __init__(self, disk: Disk) -> None:
        self.output = ""
        self._disk = disk
        self._names: dict[str, Any] = {}
        self._plotted: list[float] = []
        self._steps = 0

    def follow(self, statement: ast.stmt) -> None:
        """Do what a statement says. Raises _Unread for one that is not followed."""
        self._step()
        match statement:
            case ast.Assign(targets=[target], value=value):
                self._bind(target, self.value(value))
            case ast.AugAssign(target=ast.Name(id=name), op=sign, value=value) if (
                name in self._names and type(sign) in _OPERATIONS
            ):
                changed = self._operate(type(sign), self._names[name], self.value(value))
                self._names[name] = _bounded(changed)
            case ast.Import(names=names) if all(each.name in _MODULES for each in names):
                pass
            case ast.For(target=target, iter=values, body=body, orelse=[]):
                for each in self._items(self.value(values)):
                    self._bind(target, each)
                    self._follow_all(body)
            case ast.If(test=test, body=body, orelse=others):
                self._follow_all(body if self.value(test) else others)
            case ast.With(items=[ast.withitem(context_expr=ast.Call() as opened)]):
                with self._opened(statement, opened):
                    self._follow_all(statement.body)
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
                self._print(call)
            case ast.Expr(value=ast.Call() as call):
                self.value(call)
            case _:
                raise _Unread

    @contextmanager
    def _opened(self, statement: ast.With, call: ast.Call) -> Iterator[None]:
        file = self.value(call)
        if not isinstance(file, _File):
            raise _Unread
        name = statement.items[0].optional_vars
        if name is not None:
            self._bind(name, file)
        yield
        file.close()

    def _follow_all(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self.follow(statement)

    def _bind(self, target: ast.expr, value: Any) -> None:
        match target:
            case ast.Name(id=name):
                self._names[name] = value
            case ast.Tuple(elts=parts):
                values = list(self._items(value))
                if len(values) != len(parts):
                    raise _Unread
                for part, each in zip(parts, values, strict=True):
                    self._bind(part, each)
            case _:
                raise _Unread

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _Unread

    def value(self, node: ast.expr) -> Any:
        """Return the value of an expression. Raises _Unread for one that is not followed."""
        self._step()
        return _bounded(self._value(node))

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value) if isinstance(value, _CONSTANT):
                return value
            case ast.Name(id=name) if name in self._names:
                return self._names[name]
            case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _SIGNS:
                return _SIGNS[type(sign)](self.value(operand))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATIONS:
                return self._operate(type(sign), self.value(left), self.value(right))
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARED:
                return _COMPARED[type(sign)](self.value(left), self.value(right))
            case ast.IfExp(test=test, body=body, orelse=other):
                return self.value(body if self.value(test) else other)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return [self.value(part) for part in parts]
            case (
                ast.ListComp(elt=made, generators=[each])
                | ast.GeneratorExp(elt=made, generators=[each])
            ):
                return self._made(made, each)
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id="os"), attr="environ"), slice=name
            ):
                return VARIABLES[self.value(name)]
            case ast.Subscript(value=held, slice=ast.Constant(value=place)):
                return self.value(held)[place]
            case ast.Subscript(value=held, slice=ast.Name() as place):
                return self.value(held)[self.value(place)]
            case ast.Call():
                return self._call(node)
            case ast.JoinedStr(values=parts):
                return "".join(self._piece(part) for part in parts)
            case _:
                raise _Unread

    def _made(self, made: ast.expr, each: ast.comprehension) -> list[Any]:
        values = []
        for item in self._items(self.value(each.iter)):
            self._bind(each.target, item)
            if all(self.value(test) for test in each.ifs):
                values.append(self.value(made))
        return values

    def _items(self, value: Any) -> Any:
        if isinstance(value, _File):
            return value.text.splitlines(keepends=True)
        if not isinstance(value, str | list | dict | tuple):
            raise _Unread
        return value

    def _call(self, call: ast.Call) -> Any:
        given = [self.value(each) for each in call.args]
        match call.func, given:
            case ast.Name(id="open"), [str(path), *mode]:
                return _File(self._disk, path, str(mode[0]) if mode else "r")
            case ast.Name(id=name), _ if name in _FUNCTIONS and not call.keywords:
                values = [self._items(each) if isinstance(each, _File) else each for each in given]
                if len(values) > 1 and not all(isinstance(each, int | float) for each in values):
                    raise _Unread
                if name == "round" and len(values) > 1 and abs(values[1]) > _MOST_DIGITS:
                    raise _Unread
                return _FUNCTIONS[name](*values)
            case ast.Attribute(value=ast.Name(id=module), attr=name), _ if (
                module not in self._names
            ):
                return self._of_module(module, name, given)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="os"), attr="path")), _:
                return self._of_path(call.func.attr, given)
            case ast.Attribute(value=held, attr=name), _ if not call.keywords:
                return self._of_value(self.value(held), name, given)
            case _:
                raise _Unread

    def _of_module(self, module: str, name: str, given: list[Any]) -> Any:
        match module, name, given:
            case "csv", "DictReader", [_File() as file]:
                return list(csv.DictReader(io.StringIO(file.text)))
            case "csv", "reader", [_File() as file]:
                return list(csv.reader(io.StringIO(file.text)))
            case "json", "load", [_File() as file]:
                return json.loads(file.text)
            case "json", "loads", [str(text)]:
                return json.loads(text)
            case "json", "dumps", [value]:
                return json.dumps(value)
            case "os", "listdir", [str(path)]:
                return self._disk.names_in(path)
            case "plt", "savefig", [str(path)] if path.endswith(".png"):
                self._disk.write(path, draw_bars(self._plotted))
            case "plt", _, [*_, list(values)] if name in _PLOTTED:
                self._plotted = [value for value in values if isinstance(value, int | float)]
            case "plt", "figure" | "title" | "xlabel" | "ylabel" | "tight_layout" | "close", _:
                pass
            case _:
                raise _Unread
        return None

    def _of_path(self, name: str, given: list[Any]) -> Any:
        match name, given:
            case "join", [*parts] if parts:
                return posixpath.join(*(str(part) for part in parts))
            case "basename", [str(path)]:
                return posixpath.basename(path)
            case "exists", [str(path)]:
                here = posixpath.basename(path) in self._disk.names_in(posixpath.dirname(path))
                return here or self._disk.is_folder(path)
            case _:
                raise _Unread

    def _of_value(self, held: Any, name: str, given: list[Any]) -> Any:
        match held, name, given:
            case _File(), "read", []:
                return held.text
            case _File(), "readlines", []:
                return held.text.splitlines(keepends=True)
            case _File(), "write", [str(text)] if held.is_written:
                return held.write(text)
            case list(), "append", [value]:
                held.append(value)
            case str(), "join", [list(parts)] if len(held) * len(parts) <= _LONGEST:
                return held.join(parts)
            case str(), _, _ if name in _OF_TEXT and all(isinstance(each, str) for each in given):
                return getattr(held, name)(*given)
            case dict(), _, _ if name in _OF_TABLES:
                got = getattr(held, name)(*given)
                return got if name == "get" else [_plain(each) for each in got]
            case _:
                raise _Unread
        return None

    def _piece(self, part: ast.expr) -> str:
        if not isinstance(part, ast.FormattedValue):
            return str(self.value(part))
        value = self.value(part.value)
        if part.conversion != -1:
            raise _Unread
        spec = "".join(self._piece(each) for each in getattr(part.format_spec, "values", ()))
        if len(spec) > 6 or (spec and not isinstance(value, int | float)):
            raise _Unread
        return format(value, spec) if spec else str(value)

    def _operate(self, sign: type, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers and not (sign is ast.Add and type(left) is type(right)):
            raise _Unread
        if sign is ast.Pow and (abs(right) > _LARGEST_POWER or abs(left) > _LARGEST_POWER):
            raise _Unread
        return _OPERATIONS[sign](left, right)

    def _print(self, call: ast.Call) -> None:
        if call.keywords:
            raise _Unread
        written = " ".join(str(self.value(each)) for each in call.args) + "\n"
        if len(self.output) + len(written) > _MOST_OUTPUT:
            raise _Unread
        self.output += written


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise _Unread
    if isinstance(value, str | list) and len(value) > _LONGEST:
        raise _Unread
    if isinstance(value, complex):
        raise _Unread
    return value
