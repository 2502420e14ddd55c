"""Rosetta: three trees of JSON; choose a node of one and see its counterparts and the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.classroom.showing import sendable
from grader.classroom.widgets.bars import FIGURE, LINE, QUIET
from grader.classroom.widgets.counterparts import (
    APIS,
    Comparison,
    Node,
    Path,
    Rule,
    make_comparisons,
    written,
)
from grader.classroom.widgets.history import listed
from grader.classroom.widgets.playable import Playable, folded
from grader.classroom.widgets.stepper import (
    announced,
    make_button,
    make_chooser,
    make_picture,
    sentence,
)
from grader.plural import counted

_NONE = "no counterpart"
_INDENT = 1.2
"""How far a part is indented from its parent, in em."""
_MARK = "▶"
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
        summary=f"{counted(len(all_of_them), 'comparison')}, each with a table of its rules",
        make_view=lambda: _view(all_of_them),
    )


def _named(paths: Sequence[Path]) -> str:
    return listed([written(path) for path in paths]) or _NONE


def _way(names: Sequence[str]) -> str:
    """Return the two of OpenAI, and what they become."""
    return f"{' · '.join(names[:-1])} → {names[-1]}"


def _text(compared: Comparison) -> str:
    lines = [f"{compared.title}: {_way(APIS)}"]
    for rule in compared.rules:
        lines += [f"  {rule.letter}  {_way([_named(paths) for paths in rule.paths])}"]
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
    # A name that is broken in its middle can't be read.
    style = "white-space:nowrap"
    names = (f'<code style="{style}">{escape(written(path))}</code>' for path in paths)
    return "<br>".join(names) or _NONE


def _view(all_of_them: Sequence[Comparison]) -> Any:
    names = [compared.title for compared in all_of_them]
    says = [f"{name}: choose a lettered part of any column" for name in names]
    return make_chooser(
        names, says, lambda at: _comparison_view(all_of_them[at]), noun="comparison"
    )


def _comparison_view(compared: Comparison) -> Any:
    """Return three trees whose lettered nodes are buttons, and the chosen node's rule."""
    from ipywidgets import HBox, Layout, VBox

    rule_place = make_picture("")
    nodes: list[tuple[Node, Any]] = []

    def choose(number: int) -> None:
        for node, button in nodes:
            is_chosen = node.rule == number
            button.description = _on_button(node, compared.rules, is_chosen=is_chosen)
            button.style.font_weight = "bold" if is_chosen else "normal"
        rule_place.value = sendable(_explained(compared.rules[number]))

    def make_line(node: Node, api: str) -> Any:
        indent = f"0 0 0 {_INDENT * (len(node.path) - 1):.1f}em"
        if node.rule is None:
            words = make_picture(f'<div style="{_TREE}">{escape(_line(node))}</div>')
            words.layout.margin = indent
            return words
        number = node.rule
        purpose = f"Show the counterparts of {written(node.path)} in {api}"
        words = _on_button(node, compared.rules, is_chosen=False)
        button = make_button(words, purpose, lambda: choose(number))
        button.layout = Layout(width="auto", height="auto", flex="0 0 auto", margin="1px 0")
        button.style.font_family = _MONOSPACED
        nodes.append((node, button))
        value = make_picture(f'<div style="{_TREE};padding-left:.5em">{escape(node.value)}</div>')
        return HBox(
            [button, value],
            layout=Layout(flex_flow="row wrap", align_items="center", margin=indent),
        )

    columns = [
        VBox(
            [make_picture(sentence(api)), *(make_line(node, api) for node in tree)],
            layout=Layout(
                flex=f"1 1 {_NARROWEST}", min_width="0", border=f"1px solid {LINE}", padding="6px"
            ),
        )
        for api, tree in zip(APIS, compared.trees, strict=True)
    ]
    trees = HBox(columns, layout=Layout(flex_flow="row wrap", max_width=_WIDTH, grid_gap="6px"))
    table = make_picture(_note(compared) + folded("All rules as a table", _table(compared)))
    return VBox([rule_place, trees, table])


def _on_button(node: Node, rules: Sequence[Rule], *, is_chosen: bool) -> str:
    letter = "" if node.rule is None else rules[node.rule].letter
    return f"{_MARK} {letter} · {node.key}" if is_chosen else f"{letter} · {node.key}"


def _explained(rule: Rule) -> str:
    """Return a rule as HTML; a screen reader reads its first line out."""
    names = f"{rule.letter}: {_way([_named(paths) for paths in rule.paths])}"
    return f'{announced(names)}<p style="{QUIET};line-height:1.5">{escape(rule.words)}</p>'
