"""Change what a piece of Python means, as people do who know one shape of its input.

`mutate` changes a letter; this changes an idea: the first item in place of all, a name in place of
an id, a part of a text in place of the whole, an error that nobody hears of.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator

from tests.mutants.mutate import Mutant, bare
from tests.mutants.rewriting import Rewriting, expression, texts_compared
from tests.mutants.values import IDEAS_OF_VALUES
from tests.mutants.vocabulary import other_words


def behaviours(source: str) -> list[Mutant]:
    """Return every change of meaning that a source allows, each in one place, none twice."""
    tree = bare(source)
    before = ast.unparse(tree)
    made: dict[str, Mutant] = {}
    for place, node in enumerate(ast.walk(tree)):
        for idea, rewriting in IDEAS.items():
            for new in rewriting(copy.deepcopy(node)):
                after = ast.unparse(_replaced(tree, place, new))
                if after != before:
                    told = f"{idea}: {_line(node)}  →  {_line(new)}"
                    made.setdefault(after, Mutant(told, after))
    return list(made.values())


def _replaced(tree: ast.Module, place: int, new: ast.AST) -> ast.Module:
    """Return a copy of a tree with another node in one place."""
    changed = copy.deepcopy(tree)
    target = list(ast.walk(changed))[place]

    class Replacing(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return new if node is target else self.generic_visit(node)

    return ast.fix_missing_locations(Replacing().visit(changed))


def _line(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:89]}…"


def _loops(node: ast.AST) -> Iterator[tuple[ast.AST, ast.For | ast.comprehension]]:
    """Yield copies of a loop or comprehension, each with the part that has an `iter` to change."""
    if isinstance(node, ast.For):
        changed = copy.deepcopy(node)
        yield changed, changed
    elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
        for index in range(len(node.generators)):
            whole = copy.deepcopy(node)
            yield whole, whole.generators[index]


Loop = Callable[[ast.AST, ast.For | ast.comprehension], bool]
"""Says something of a loop, which is given whole and with the part that has its `iter`."""


def _some_items(source: str, *, unless: Loop = lambda whole, part: False) -> Rewriting:
    """Return a rewriting of loops, which go over what a source makes of `items`.

    unless: what a loop is where that changes nothing.
    """

    def rewrite(node: ast.AST) -> Iterator[ast.AST]:
        for whole, part in _loops(node):
            if not unless(whole, part):
                part.iter = expression(source, items=part.iter)
                yield whole

    return rewrite


def _only_counts(whole: ast.AST, part: ast.For | ast.comprehension) -> bool:
    """Return whether a loop makes no use of its items, so that their order is nothing to it."""
    names = {each.id for each in ast.walk(part.target) if isinstance(each, ast.Name)}
    used = [each.id for each in ast.walk(whole) if isinstance(each, ast.Name) and _is_read(each)]
    return names.isdisjoint(used)


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _goes_over_numbers(whole: ast.AST, part: ast.For | ast.comprehension) -> bool:
    """Return whether a loop's items differ from each other, and have no names."""
    return isinstance(part.iter, ast.Call) and ast.unparse(part.iter.func) in ("range", "enumerate")


def _has_no_names(whole: ast.AST, part: ast.For | ast.comprehension) -> bool:
    """Return whether a loop's items have no names: numbers, and the blocks of a text."""
    tests = getattr(part, "ifs", ())
    is_of_texts = any(
        (sides := texts_compared(test)) and sides[1].value == "text" for test in tests
    )
    return is_of_texts or _goes_over_numbers(whole, part)


def _leading_only(node: ast.AST) -> Iterator[ast.AST]:
    for whole, part in _loops(node):
        if isinstance(part, ast.comprehension) and part.ifs and isinstance(part.target, ast.Name):
            test = part.ifs[0] if len(part.ifs) == 1 else ast.BoolOp(ast.And(), part.ifs)
            name = ast.arg(part.target.id)
            condition = ast.Lambda(ast.arguments([], [name], None, [], [], None, []), test)
            source = "__import__('itertools').takewhile(condition, items)"
            part.iter = expression(source, condition=condition, items=part.iter)
            part.ifs = []
            yield whole


def _position_for_type(node: ast.AST) -> Iterator[ast.AST]:
    for cut in ("list(items)[:1]", "list(items)[-1:]"):
        for whole, part in _loops(node):
            if isinstance(part, ast.comprehension) and part.ifs:
                part.iter = expression(cut, items=part.iter)
                part.ifs = []
                yield whole


def _name_for_id(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr == "id" and isinstance(node.ctx, ast.Load):
        yield expression("owner.name", owner=node.value)
    if (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value == "id"
        and isinstance(node.ctx, ast.Load)
    ):
        yield expression("owner['name']", owner=node.value)


def _part_for_whole(node: ast.AST) -> Iterator[ast.AST]:
    if sides := texts_compared(node):
        value, text = sides
        word, others = str(text.value), other_words(str(text.value))
        for source, is_taken in (
            ("text in str(value)", str.__contains__),
            ("str(value).startswith(text)", str.startswith),
            ("str(value).endswith(text)", str.endswith),
        ):
            # Where no other word of the API has this part, the part is as good as the whole.
            if others is None or any(is_taken(other, word) for other in others):
                yield expression(source, value=value, text=text)


_LEFT_OUT = ("text", "thinking", "tool_use", "user", "assistant", "system", "ping")
"""The words that come to mind, where code is to leave out what it does not want."""


def _deny_list(node: ast.AST) -> Iterator[ast.AST]:
    if sides := texts_compared(node):
        value, text = sides
        others = other_words(str(text.value))
        for other in _LEFT_OUT:
            if other in others if others is not None else other != text.value:
                yield expression("value != other", value=value, other=ast.Constant(other))
    if (
        isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.In)
        and isinstance(node.comparators[0], ast.Tuple | ast.Set | ast.List)
    ):
        for item in node.comparators[0].elts:
            yield expression("value == item", value=node.left, item=item)


def _falsy_for_none(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        right = node.comparators[0]
        if isinstance(right, ast.Constant) and right.value is None:
            if isinstance(node.ops[0], ast.Is):
                yield expression("not value", value=node.left)
            elif isinstance(node.ops[0], ast.IsNot):
                yield expression("bool(value)", value=node.left)
        if isinstance(node.ops[0], ast.In) and isinstance(node.left, ast.Constant):
            yield expression("dict(owner).get(key)", owner=right, key=node.left)


_NEVER_FALSY = (ast.Tuple, ast.Dict, ast.JoinedStr, ast.Constant, ast.Compare)


def _falsy_replaced(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Return) and node.value is not None:
        if isinstance(node.value, _NEVER_FALSY):
            return
        for otherwise in ("'nothing'", "None"):
            yield ast.Return(expression(f"value or {otherwise}", value=node.value))


def _without_copy(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called in ("copy.deepcopy", "deepcopy", "copy.copy", "list", "dict") and node.args:
            if not node.keywords:
                yield node.args[0]
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args:
            yield node.func.value


def _changed_in_place(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.List) and node.elts and isinstance(node.elts[0], ast.Starred):
        rest = ast.List(node.elts[1:], ast.Load())
        yield expression("(whole.extend(rest), whole)[1]", whole=node.elts[0].value, rest=rest)
    if isinstance(node, ast.Dict) and node.keys and node.keys[0] is None:
        rest = ast.Dict(node.keys[1:], node.values[1:])
        yield expression("(whole.update(rest), whole)[1]", whole=node.values[0], rest=rest)
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    if is_sum and isinstance(node.right, ast.List):
        yield expression("(whole.extend(rest), whole)[1]", whole=node.left, rest=node.right)


def _swallowed(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _can_fail(node):
        for value in ("None", "''"):
            handler = ast.ExceptHandler(
                ast.Name("Exception", ast.Load()), None, [ast.Return(expression(value))]
            )
            whole = copy.deepcopy(node)
            whole.body = [ast.Try(whole.body, [handler], [], [])]
            yield whole
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        wider = copy.deepcopy(node)
        wider.type = ast.Name("Exception", ast.Load())
        yield wider


_OF_OTHERS = re.compile("client|on_text|predicate")


def _can_fail(node: ast.AST) -> bool:
    """Return whether a function asks the API, calls what it was given, or raises."""
    return any(
        isinstance(each, ast.Raise)
        or (isinstance(each, ast.Call) and _OF_OTHERS.search(ast.unparse(each)))
        for each in ast.walk(node)
    )


def _other_shape(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Return) and node.value is not None:
        for source in (
            "[value]",
            "{'result': value}",
            "str(value)",
            "(value, None)",
            "iter(value)",
        ):
            if not (source == "str(value)" and _is_text(node.value)):
                yield ast.Return(expression(source, value=node.value))


def _is_text(node: ast.AST) -> bool:
    """Return whether an expression is a str for certain, as written."""
    if isinstance(node, ast.Call):
        called = node.func
        return (
            isinstance(called, ast.Attribute) and called.attr == "join" and _is_text(called.value)
        )
    is_constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_constant or isinstance(node, ast.JoinedStr)


IDEAS: dict[str, Rewriting] = {
    "the first only": _some_items("list(items)[:1]"),
    "the last only": _some_items("list(items)[-1:]"),
    "all but the last": _some_items("list(items)[:-1]"),
    "two at most": _some_items("list(items)[:2]"),
    "the other way round": _some_items("list(items)[::-1]", unless=_only_counts),
    "each sort once": _some_items(
        "list({repr(each): each for each in items}.values())", unless=_goes_over_numbers
    ),
    "each name once": _some_items(
        "list({(e.get('name') if isinstance(e, dict) else getattr(e, 'name', 0)) or id(e): e "
        "for e in items}.values())",
        unless=_has_no_names,
    ),
    "only those in front": _leading_only,
    "position for type": _position_for_type,
    "name for id": _name_for_id,
    "a part for the whole": _part_for_whole,
    "the wrong ones left out": _deny_list,
    "falsy for None": _falsy_for_none,
    "falsy replaced": _falsy_replaced,
    "no copy": _without_copy,
    "changed in place": _changed_in_place,
    "errors swallowed": _swallowed,
    "another shape": _other_shape,
    **IDEAS_OF_VALUES,
}
"""Each idea that people get wrong, by its name, with the changes that it makes."""
