"""Answer code as if it had run: small sums and prints are worked out, all else comes as no output.

Nothing is run. A program is read as Python's syntax tree, and of it only assignments, prints and
arithmetic with numbers, texts and a few functions are followed, within bounds.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from grader.simulator.wire import Json

_MOST_STEPS = 200
_LARGEST = 10**1_000
_LONGEST = 2_000
_LARGEST_POWER = 1_000
_LONGEST_CODE = 10_000

_OPERATIONS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_SIGNS: Mapping[type, Callable[[Any], Any]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "float": float,
    "int": int,
    "len": len,
    "max": max,
    "min": min,
    "round": round,
    "str": str,
    "sum": sum,
}


class _Unread(Exception):
    """Say that a program is more than is followed here."""


_UNREADABLE = (_Unread, ArithmeticError, ValueError, TypeError, RecursionError, MemoryError)


def evaluate(expression: str) -> str | None:
    """Return the value of a sum as Python prints it, None where it is none."""
    try:
        parsed = _parse(expression.strip())
        (statement,) = parsed.body
        if isinstance(statement, ast.Expr):
            return str(_Run().value(statement.value))
    except (SyntaxError, *_UNREADABLE):
        pass
    return None


def run_code(code: str, kind: str) -> Json:
    """Return the content of the result of some code.

    kind: `code_execution` or `bash_code_execution`.
    """
    output, error = _run(code)
    result = {
        "type": f"{kind}_result",
        "stdout": output,
        "stderr": error,
        "return_code": int(bool(error)),
        "content": [],
    }
    # Recorded: the older tool alone has it.
    return {**result, "abort_reason": None} if kind == "code_execution" else result


def edit_file(tool_input: Json) -> Json:
    """Return the content of the result of a call of the text editor."""
    if tool_input.get("command") == "create":
        return {"type": "text_editor_code_execution_create_result", "is_file_update": False}
    kind = "text_editor_code_execution_tool_result_error"
    return {"type": kind, "error_code": "file_not_found", "error_message": None}


def _run(code: str) -> tuple[str, str]:
    """Return what a program prints, and what it complains of."""
    run = _Run()
    try:
        for statement in _parse(code).body:
            run.follow(statement)
    except ZeroDivisionError as error:
        return run.output, f"ZeroDivisionError: {error}\n"
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

    def __init__(self) -> None:
        self.output = ""
        self._names: dict[str, Any] = {}
        self._steps = 0

    def follow(self, statement: ast.stmt) -> None:
        """Do what an assignment or a print says. Raises _Unread for any other statement."""
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            self._names[statement.targets[0].id] = self.value(statement.value)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            self._print(statement.value)
        else:
            raise _Unread

    def value(self, node: ast.expr) -> Any:
        """Return the value of an expression. Raises _Unread for one that is not followed."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _Unread
        return _bounded(self._value(node))

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int() | float() | str() as value):
                return value
            case ast.Name(id=name) if name in self._names:
                return self._names[name]
            case ast.UnaryOp(op=sign, operand=operand) if type(sign) in _SIGNS:
                return _SIGNS[type(sign)](self.value(operand))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATIONS:
                return self._operate(type(sign), self.value(left), self.value(right))
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return [self.value(part) for part in parts]
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in _FUNCTIONS:
                return _FUNCTIONS[name](*(self.value(each) for each in given))
            case ast.JoinedStr(values=parts):
                return "".join(self._piece(part) for part in parts)
            case _:
                raise _Unread

    def _piece(self, part: ast.expr) -> str:
        if isinstance(part, ast.FormattedValue):
            if part.format_spec is not None or part.conversion != -1:
                raise _Unread
            return str(self.value(part.value))
        return str(self.value(part))

    def _operate(self, sign: type, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers and not (sign is ast.Add and type(left) is type(right)):
            raise _Unread
        if sign is ast.Pow and (abs(right) > _LARGEST_POWER or abs(left) > _LARGEST_POWER):
            raise _Unread
        return _OPERATIONS[sign](left, right)

    def _print(self, call: ast.Call) -> None:
        if not isinstance(call.func, ast.Name) or call.func.id != "print" or call.keywords:
            raise _Unread
        self.output += " ".join(str(self.value(each)) for each in call.args) + "\n"
        if len(self.output) > _LONGEST:
            raise _Unread


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise _Unread
    if isinstance(value, str | list) and len(value) > _LONGEST:
        raise _Unread
    if isinstance(value, complex):
        raise _Unread
    return value
