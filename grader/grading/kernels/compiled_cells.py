"""The course's cells, transformed and compiled once before the fork instead of in every kernel.

A kernel uses what was made only where it would make the same itself: for the same text, with the
same compiler flags, and as long as nobody has added a transformer. All else goes IPython's usual
way: `TransformerManager.transform_cell`, `InteractiveShell.should_run_async` and `run_ast_nodes`
(IPython 9), and ipykernel's compiler (7, `compiler.py`).
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from ipykernel import compiler

_FOLDER = "/tmp/ipykernel_1"  # a name as ipykernel's; there is no such folder
# Any: they have no types.
_hash: Any = compiler.murmur2_x86
_SEED = 0xC70F6907
"""As `get_tmp_hash_seed` returns it."""
_IN_PARTS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
"""What IPython adds to the flags for each statement of a cell."""


@dataclass
class _Made:
    """Hold a cell's tree, and the code of its statements by their node's id and their mode."""

    tree: ast.Module
    file: str
    flags: int
    code: dict[tuple[int, str], CodeType] = field(default_factory=dict)


class CellCompiler(compiler.XCachingCompiler):
    """Compile cells as ipykernel does, and take those of the course as they were made before.

    A cell's file is named after its text alone, not after the process: what shows it is repeatable.
    changes_trees: says whether a tree is changed before its statements are compiled.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # ipykernel has no types here
        self._files: dict[str, str] = {}
        self._made: dict[str, _Made] = {}
        self._runs: _Made | None = None
        self.changes_trees: Callable[[], bool] = lambda: False

    def make(self, source: str, text: str) -> bool:
        """Compile a cell for later; source: as it is written. text: as it was transformed.

        Returns whether that went without a warning or an error, which each kernel must show itself.
        """
        before = self.flags
        file = self._files[source] = _file_of(source)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                tree: Any = super().ast_parse(text, file, "exec")
                made = _Made(tree, file, before)
                for node, mode in _parts(made.tree):
                    with self.extra_flags(_IN_PARTS):
                        made.code[id(node), mode] = super().__call__(_whole(node, mode), file, mode)
            except (SyntaxError, ValueError, Warning):
                return False
        if self.flags != before:
            # A `from __future__` in it holds from then on; here nothing has run.
            self.flags = before
            return False
        self._made[text] = made
        return True

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:  # noqa: ARG002
        """Return the name of a cell's file."""
        return self._files.get(raw_code) or _file_of(raw_code)

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> Any:
        """Return a cell's tree; whoever gets it may change it, so it is given once."""
        self._runs = None
        made = self._made.get(source)
        wanted = filename, self.flags, symbol
        if made is None or (made.file, made.flags, "exec") != wanted or self.changes_trees():
            return super().ast_parse(source, filename, symbol)
        self._runs = self._made.pop(source)
        return made.tree

    def __call__(self, source: Any, filename: str, symbol: str, **more: Any) -> CodeType:
        """Return the code of one statement of a cell, in a module of its own."""
        made = self._runs
        if made is not None and (filename, self.flags) == (made.file, made.flags | _IN_PARTS):
            body = getattr(source, "body", [])
            code = made.code.get((id(body[0]), symbol)) if len(body) == 1 else None
            if code is not None:
                return code
        return super().__call__(source, filename, symbol, **more)


class CompiledCells:
    """Make the course's cells before the fork; shell: IPython's, with a `CellCompiler`."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._manager = shell.input_transformer_manager
        self._transform = self._manager.transform_cell
        self._usual = self._transformers()
        self._texts: dict[str, str] = {}
        self._last = "", ""
        self._asynchronous: dict[str, bool] = {}
        self._should_run_async = shell.should_run_async
        shell.compile.changes_trees = lambda: bool(shell.ast_transformers)
        self._manager.transform_cell = self._transform_cell
        shell.should_run_async = self._is_async

    def make(self, sources: Iterable[str]) -> None:
        """Transform and compile these cells, unless that is done already."""
        for source in sources:
            if source not in self._texts:
                try:
                    self._texts[source] = self._transform(source)
                    text = self._shell.transform_cell(source)
                except SyntaxError:
                    # So a transformer refuses a cell; in a kernel it does that again.
                    continue
                if self._shell.compile.make(source, text):
                    self._asynchronous[text] = self._should_run_async(source, transformed_cell=text)

    def _transformers(self) -> list[Any]:
        """Return all that static transformation depends on but the text."""
        manager = self._manager
        return [*manager.cleanup_transforms, *manager.line_transforms, *manager.token_transformers]

    def _transform_cell(self, cell: str) -> str:
        if self._transformers() != self._usual:
            return str(self._transform(cell))
        text = self._texts.get(cell)
        if text is None:
            # ipykernel asks for the text of each cell, and then IPython does.
            if self._last[0] != cell:
                self._last = cell, self._transform(cell)
            text = self._last[1]
        return text

    def _is_async(
        self, raw_cell: str, *, transformed_cell: Any = None, preprocessing_exc_tuple: Any = None
    ) -> bool:
        known = self._asynchronous.get(transformed_cell)
        if known is None or preprocessing_exc_tuple is not None or not self._shell.autoawait:
            return bool(
                self._should_run_async(
                    raw_cell,
                    transformed_cell=transformed_cell,
                    preprocessing_exc_tuple=preprocessing_exc_tuple,
                )
            )
        return known


def _file_of(source: str) -> str:
    return f"{_FOLDER}/{_hash(source, _SEED)}.py"


def _parts(tree: ast.Module) -> list[tuple[ast.stmt, str]]:
    """Return a cell's statements with their modes: the value of the last one is shown."""
    parts = [(node, "exec") for node in tree.body]
    if parts and isinstance(parts[-1][0], ast.Expr):
        parts[-1] = parts[-1][0], "single"
    return parts


def _whole(node: ast.stmt, mode: str) -> Any:
    return ast.Module([node], []) if mode == "exec" else ast.Interactive([node])
