"""Rosetta: two trees of JSON; choose a node of one and see its counterpart and the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from grader.classroom.showing import sendable
from grader.classroom.widgets.bars import FIGURE, LINE, QUIET
from grader.classroom.widgets.counterparts import Node, Pair, Path, Rule, make_pairs, written
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

_SIDES = ("OpenAI", "Anthropic")
_NONE = "no counterpart"
_INDENT = 1.2
"""How far a part is indented from its parent, in em."""
_MARK = "▶"
_CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top"
_MONOSPACED = "ui-monospace, Menlo, Consolas, monospace"
_TREE = f"font-family:{_MONOSPACED};font-size:13px;line-height:1.6;overflow-wrap:anywhere"
_COLUMN = f"flex:1 1 18em;min-width:0;padding:.3em .6em;border:1px solid {LINE}"
_BADGE = (
    "display:inline-block;min-width:1.4em;text-align:center;font-weight:bold;"
    f"border:1px solid {LINE};border-radius:3px"
)


def rosetta() -> Playable:
    """Show a request and its reply in OpenAI's form and Anthropic's, and how the parts match."""
    pairs = make_pairs()
    return Playable(
        text="\n\n".join(map(_text, pairs)),
        html="".join(_html(pair) for pair in pairs),
        summary=f"{counted(len(pairs), 'pair')} at once, each with a table of its rules",
        make_view=lambda: _view(pairs),
    )


def _named(paths: Sequence[Path]) -> str:
    return listed([written(path) for path in paths]) or _NONE


def _text(pair: Pair) -> str:
    lines = [f"{pair.title}: {_SIDES[0]} → {_SIDES[1]}"]
    for rule in pair.rules:
        lines += [f"  {rule.letter}  {_named(rule.openai)} → {_named(rule.anthropic)}"]
        lines += [f"     {rule.words}"]
    for side, nodes in zip(_SIDES, (pair.openai, pair.anthropic), strict=True):
        lines += [f"{pair.title}, {side}:", *_lines(nodes, pair.rules)]
    return "\n".join(lines)


def _lines(nodes: Sequence[Node], rules: Sequence[Rule]) -> Iterator[str]:
    for node in nodes:
        letter = " " if node.rule is None else rules[node.rule].letter
        yield f"  {letter}  {'  ' * (len(node.path) - 1)}{node.key}: {node.value}".rstrip()


def _html(pair: Pair) -> str:
    columns = "".join(
        f'<div style="{_COLUMN}"><strong>{side}</strong>'
        f'<ul style="{_TREE};margin:0;padding:0;list-style:none">'
        f"{''.join(_row(node, pair.rules) for node in nodes)}</ul></div>"
        for side, nodes in zip(_SIDES, (pair.openai, pair.anthropic), strict=True)
    )
    return (
        f'{sentence(pair.title)}<div style="display:flex;flex-wrap:wrap;gap:.5em;max-width:60em">'
        f"{columns}</div>{_table(pair)}"
    )


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


def _table(pair: Pair) -> str:
    head = "".join(
        f'<th scope="col" style="{_CELL}">{title}</th>' for title in ("", *_SIDES, "The rule")
    )
    rows = "".join(
        f'<tr><td style="{_CELL}"><span style="{_BADGE}">{rule.letter}</span></td>'
        f'<td style="{_CELL}">{_paths(rule.openai)}</td>'
        f'<td style="{_CELL}">{_paths(rule.anthropic)}</td>'
        f'<td style="{_CELL}">{escape(rule.words)}</td></tr>'
        for rule in pair.rules
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div style="{FIGURE};overflow-x:auto">{table}</div>'


def _paths(paths: Sequence[Path]) -> str:
    return "<br>".join(f"<code>{escape(written(path))}</code>" for path in paths) or _NONE


def _view(pairs: Sequence[Pair]) -> Any:
    says = [f"{pair.title}: choose a part of either side" for pair in pairs]
    names = [pair.title for pair in pairs]
    return make_chooser(names, says, lambda at: _pair_view(pairs[at]), noun="pair")


def _pair_view(pair: Pair) -> Any:
    """Return two trees whose lettered nodes are buttons, and the chosen node's rule."""
    from ipywidgets import HBox, Layout, VBox

    rule_place = make_picture("")
    nodes: list[tuple[Node, Any]] = []

    def choose(number: int) -> None:
        for node, button in nodes:
            is_chosen = node.rule == number
            button.description = _on_button(node, pair.rules, is_chosen=is_chosen)
            button.style.font_weight = "bold" if is_chosen else "normal"
        rule_place.value = sendable(_explained(pair.rules[number]))

    def make_line(node: Node, side: str) -> Any:
        indent = f"0 0 0 {_INDENT * (len(node.path) - 1):.1f}em"
        if node.rule is None:
            words = make_picture(f'<div style="{_TREE}">{escape(_line(node))}</div>')
            words.layout.margin = indent
            return words
        number = node.rule
        purpose = f"Show the counterpart of {side}'s {written(node.path)}"
        words = _on_button(node, pair.rules, is_chosen=False)
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
            [make_picture(sentence(side)), *(make_line(node, side) for node in tree)],
            layout=Layout(
                flex="1 1 18em", min_width="0", border=f"1px solid {LINE}", padding="6px"
            ),
        )
        for side, tree in zip(_SIDES, (pair.openai, pair.anthropic), strict=True)
    ]
    trees = HBox(columns, layout=Layout(flex_flow="row wrap", max_width="60em", grid_gap="6px"))
    return VBox([rule_place, trees, make_picture(folded("All rules as a table", _table(pair)))])


def _on_button(node: Node, rules: Sequence[Rule], *, is_chosen: bool) -> str:
    letter = "" if node.rule is None else rules[node.rule].letter
    return f"{_MARK} {letter} · {node.key}" if is_chosen else f"{letter} · {node.key}"


def _explained(rule: Rule) -> str:
    """Return a rule as HTML; a screen reader reads its first line out."""
    sides = f"{rule.letter}: {_named(rule.openai)} → {_named(rule.anthropic)}"
    return f'{announced(sides)}<p style="{QUIET};line-height:1.5">{escape(rule.words)}</p>'
