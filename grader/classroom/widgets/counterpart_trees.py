"""Rosetta: three trees of JSON; choose a node of one and see its counterparts and the rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from grader.classroom.widgets.counterparts import (
    APIS,
    Comparison,
    Node,
    Path,
    Rule,
    make_comparisons,
    written,
)
from grader.classroom.widgets.parts import announced, sentence
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_chooser
from grader.look import FIGURE, LINE, QUIET, fold, themed, tinted
from grader.plural import listed

_NONE = "none here"
_INDENT = 1.2
"""How far a part is indented from its parent, in em."""
_CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top"
_MONOSPACED = "ui-monospace, Menlo, Consolas, monospace"
_TREE = f"font-family:{_MONOSPACED};font-size:13px;line-height:1.6;overflow-wrap:anywhere"
_WIDTH = "80em"
_NARROWEST = "17em"
_COLUMN = f"flex:1 1 {_NARROWEST};min-width:0;padding:.3em .6em;border:1px solid {LINE}"
_BADGE = (
    "display:inline-block;min-width:1.4em;text-align:center;font-weight:bold;"
    f"border:1px solid {LINE};border-radius:3px"
)


def rosetta() -> Playable:
    """Show a request and its reply in the form of three APIs, and how the parts match."""
    all_of_them = make_comparisons()
    return Playable(
        text="\n\n".join(map(_text, all_of_them)),
        html="".join(map(_html, all_of_them)),
        make_view=lambda: _view(all_of_them),
    )


def _named(paths: Sequence[Path]) -> str:
    return listed([written(path) for path in paths]) or _NONE


def _way(paths: Sequence[Sequence[Path]]) -> str:
    """Return what a part is called in the two of OpenAI, and what becomes of it."""
    *theirs, ours = paths
    names = [
        _named(each) if all(theirs) else f"{_named(each)} ({api})"
        for api, each in zip(APIS, theirs, strict=False)
        if each
    ]
    return f"{' · '.join(names)} → {_named(ours)}" if names else f"{_named(ours)}, only in Messages"


def _text(compared: Comparison) -> str:
    lines = [f"{compared.title}: {' · '.join(APIS[:-1])} → {APIS[-1]}"]
    for rule in compared.rules:
        lines += [f"  {rule.letter}  {_way(rule.paths)}"]
        lines += [f"     {rule.words}"]
    for api, nodes in zip(APIS, compared.trees, strict=True):
        lines += [f"{compared.title}, {api}:", *_lines(nodes, compared.rules)]
    return "\n".join([*lines, *filter(None, [compared.note])])


def _lines(nodes: Sequence[Node], rules: Sequence[Rule]) -> Iterator[str]:
    for node in nodes:
        letter = " " if node.rule is None else rules[node.rule].letter
        yield f"  {letter}  {'  ' * (len(node.path) - 1)}{node.key}: {node.value}".rstrip()


def _html(compared: Comparison) -> str:
    columns = "".join(
        f'<div style="{_COLUMN}"><strong>{api}</strong>'
        f'<ul style="{_TREE};margin:0;padding:0;list-style:none">'
        f"{''.join(_row(node, compared.rules) for node in nodes)}</ul></div>"
        for api, nodes in zip(APIS, compared.trees, strict=True)
    )
    return (
        f"{sentence(compared.title)}"
        f'<div style="display:flex;flex-wrap:wrap;gap:.5em;max-width:{_WIDTH}">'
        f"{columns}</div>{_note(compared)}{_table(compared)}"
    )


def _note(compared: Comparison) -> str:
    return f'<p style="{QUIET};line-height:1.5">{compared.note}</p>' if compared.note else ""


def _row(node: Node, rules: Sequence[Rule]) -> str:
    letter = "" if node.rule is None else rules[node.rule].letter
    badge = f'<span style="{_BADGE}">{letter}</span>' if letter else ""
    indent = f"padding-left:{_INDENT * (len(node.path) - 1):.1f}em"
    return (
        '<li style="display:flex"><span style="flex:0 0 2em">'
        f'{badge}</span><span style="{indent}">{escape(_line(node))}</span></li>'
    )


def _line(node: Node) -> str:
    return f"{node.key}: {node.value}" if node.value else f"{node.key}:"


def _table(compared: Comparison) -> str:
    head = "".join(
        f'<th scope="col" style="{_CELL}">{title}</th>' for title in ("", *APIS, "The rule")
    )
    rows = "".join(
        f'<tr><td style="{_CELL}"><span style="{_BADGE}">{rule.letter}</span></td>'
        f"{''.join(map(_path_cell, rule.paths))}"
        f'<td style="{_CELL};min-width:16em">{escape(rule.words)}</td></tr>'
        for rule in compared.rules
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div style="{FIGURE};max-width:{_WIDTH};overflow-x:auto">{table}</div>'


def _path_cell(paths: Sequence[Path]) -> str:
    return f'<td style="{_CELL}">{_paths(paths)}</td>'


def _paths(paths: Sequence[Path]) -> str:
    return "<br>".join(f"<code>{_steps(written(path))}</code>" for path in paths) or _NONE


def _steps(path: str) -> str:
    """Return a path that may go on in another line behind a dot, but not within a name."""
    each = re.findall(r"[^.]+\.?", path)
    return "".join(f'<span style="display:inline-block">{escape(step)}</span>' for step in each)


def _view(all_of_them: Sequence[Comparison]) -> Any:
    names = [compared.title for compared in all_of_them]
    says = [f"{name}: choose a lettered part of any column" for name in names]
    chosen: dict[int, int] = {}

    def act(at: int, _name: str, value: str) -> None:
        chosen[at] = int(value)

    return make_chooser(
        names,
        says,
        lambda at: _comparison_html(all_of_them[at], chosen.get(at)),
        noun="comparison",
        act=act,
    )


_ASK = "Choose a part with a letter, and its rule stands here. Its counterparts light up."


def _comparison_html(compared: Comparison, chosen: int | None) -> str:
    """Return three trees whose lettered nodes are buttons, and the chosen node's rule."""
    columns = "".join(
        f'<div style="{_COLUMN}"><strong>{api}</strong>'
        f"{''.join(_line_html(node, api, compared.rules, chosen) for node in tree)}</div>"
        for api, tree in zip(APIS, compared.trees, strict=True)
    )
    rule = _ASK if chosen is None else _explained(compared.rules[chosen])
    # As high as a long rule, so that the trees stay where they are.
    edge = "box-sizing:border-box;padding:4px 12px;margin:8px 0;border-radius:0 6px 6px 0"
    edge += f";{themed('border-left:4px solid {0}', 'act')};{tinted('act')}"
    place = f'<div style="min-height:6em;max-width:{_WIDTH};{edge}">{rule}</div>'
    trees = (
        f'<div class="trees" style="display:flex;flex-wrap:wrap;gap:6px;max-width:{_WIDTH}">'
        f"{columns}</div>"
    )
    table = fold("All rules as a table", _table(compared))
    linked = f"<style>{_linked(range(len(compared.rules)))}</style>"
    return f"{linked}{place}{trees}{_note(compared)}{table}"


def _line_html(node: Node, api: str, rules: Sequence[Rule], chosen: int | None) -> str:
    indent = f"margin:1px 0 1px {_INDENT * (len(node.path) - 1):.1f}em"
    if node.rule is None:
        return f'<div style="{_TREE};{indent}">{escape(_line(node))}</div>'
    purpose = f"Show the counterparts of {written(node.path)} in {api}"
    return (
        f'<div style="{_TREE};{indent}"><button type="button" class="node n{node.rule}" '
        f'data-act="rule" data-value="{node.rule}" title="{escape(purpose)}" '
        f'aria-pressed="{str(node.rule == chosen).lower()}">'
        f"{rules[node.rule].letter} · {escape(node.key)}</button> {escape(node.value)}</div>"
    )


def _linked(numbers: Iterable[int]) -> str:
    """Return the rules by which a part that is pointed at frames its counterparts."""
    return (
        ".trees .node{font:13px ui-monospace,Menlo,Consolas,monospace;padding:0 6px;min-height:0}"
        + "".join(
            f".trees:has(.n{number}:is(:hover,:focus-visible)) .n{number}"
            "{outline:2px solid var(--gr-act);outline-offset:1px}"
            for number in numbers
        )
    )


def _explained(rule: Rule) -> str:
    """Return a rule as HTML; a screen reader reads its first line out."""
    names = f"{rule.letter}: {_way(rule.paths)}"
    return f'{announced(names)}<p style="{QUIET};line-height:1.5">{escape(rule.words)}</p>'
