"""Write the code that a prompt asks for about files: reads of uploads, tables, texts, pictures."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping

_ABOUT = re.compile(
    r"\b(?:file|files|upload(?:s|ed)?|attach(?:ed|ment)?|csv|table|column|rows?|data|spreadsheet|"
    r"analy[sz]e|read)\b",
    re.IGNORECASE,
)
_SAVED = re.compile(
    r"\b(?:create|download|export|generate|make|produce|save|write)\b.{0,120}?"
    r"(?<![\w/.])([\w-]+\.(?:png|csv|txt|md|json|py|html))\b",
    re.IGNORECASE | re.DOTALL,
)
_DRAWN = re.compile(
    r"\b(?:plot|chart|graph|histogram|visuali[sz](?:e|ation)|matplotlib)\b", re.IGNORECASE
)
_TEXTS = (
    re.compile(r"\b(?:text|contents?|saying)\b\W+(.{1,200}?)[.\"'`]*$", re.DOTALL),
    re.compile(r"\bwith\b\W+(.{1,200}?)[.\"'`]*$", re.DOTALL),
)
_READ = re.compile(r"\b(?:open|print|read|show|view)\b.{0,80}?((?:/[\w.-]+)+)", re.IGNORECASE)
_NUMBER = re.compile(r"\brandom number\b", re.IGNORECASE)
_ASKED: Mapping[str, tuple[re.Pattern[str], str]] = {
    "Sum": (re.compile(r"\b(?:sum|total|add up)\b", re.IGNORECASE), "sum(values)"),
    "Average": (
        re.compile(r"\b(?:average|mean)\b", re.IGNORECASE),
        "sum(values) / len(values)",
    ),
    "Maximum": (re.compile(r"\b(?:max|maximum|largest|highest)\b", re.IGNORECASE), "max(values)"),
    "Minimum": (re.compile(r"\b(?:min|minimum|smallest|lowest)\b", re.IGNORECASE), "min(values)"),
    "Count": (re.compile(r"\b(?:count|how many|number of)\b", re.IGNORECASE), "len(values)"),
}
_BARS = [3, 7, 5, 9]
_MOST_BARS = 20


def write_file_code(prompt: str, inputs: Mapping[str, bytes], *, is_asked: bool) -> str | None:
    """Return the Python that reads or makes the files of a prompt; None where it asks for neither.

    inputs: the uploaded files by name. is_asked: whether the prompt asks for code anyway.
    """
    saved, read = _SAVED.search(prompt), _READ.search(prompt)
    if read is not None:
        return f"with open({json.dumps(read[1].rstrip('.'))}) as file:\n    print(file.read())"
    name = _named(prompt, inputs)
    table = _table(inputs[name]) if name and name.lower().endswith(".csv") else []
    if _DRAWN.search(prompt) and (saved is None or saved[1].lower().endswith(".png")):
        return _drawing(saved[1] if saved else "chart.png", _column(prompt, table))
    if saved is not None and not saved[1].lower().endswith(".png") and saved[1] not in inputs:
        return _saving(saved[1], prompt)
    if name is None or not (is_asked or _ABOUT.search(prompt)):
        return None
    return _table_code(prompt, name, table) if table else _reading(name)


def text_for(prompt: str) -> str:
    """Return what a prompt wants in a file."""
    if _NUMBER.search(prompt):
        return "42"
    said = next((found for words in _TEXTS if (found := words.search(prompt))), None)
    return said[1].strip().strip("\"'`") if said else "Hello"


def _named(prompt: str, inputs: Mapping[str, bytes]) -> str | None:
    """Return the uploaded file that a prompt is about: the one that it names, or the last."""
    return next((name for name in inputs if name in prompt), next(reversed([*inputs]), None))


def _table(data: bytes) -> list[dict[str, str]]:
    try:
        return list(csv.DictReader(io.StringIO(data.decode("utf-8", "replace"))))
    except csv.Error:
        return []


def _column(prompt: str, table: list[dict[str, str]]) -> tuple[str, list[float]] | None:
    """Return a column of numbers with its name: the one that a prompt names, or the first."""
    found: list[tuple[str, list[float]]] = []
    for name in table[0] if table else ():
        try:
            found.append((name, [float(row[name]) for row in table]))
        except (TypeError, ValueError):
            continue
    named = [
        each
        for each in found
        if re.search(rf"(?<!\w){re.escape(each[0])}(?!\w)", prompt, re.IGNORECASE)
    ]
    return next(iter([*named, *found]), None)


def _reading(name: str) -> str:
    return f"import os\n\n{_path_of(name)}with open(path) as file:\n    print(file.read())"


def _path_of(name: str, folder: str = "INPUT_DIR") -> str:
    return f"path = os.path.join(os.environ['{folder}'], {json.dumps(name)})\n"


def _table_code(prompt: str, name: str, table: list[dict[str, str]]) -> str:
    lines = [
        f"import csv, os\n\n{_path_of(name)}with open(path, 'r') as file:",
        "    rows = list(csv.DictReader(file))",
    ]
    column = _column(prompt, table)
    asked = [(what, code) for what, (words, code) in _ASKED.items() if words.search(prompt)]
    if column is None or not asked:
        lines += ["print('Rows:', len(rows))", "print('Columns:', list(rows[0]))"]
        return "\n".join(lines)
    lines.append(f"values = [float(row[{json.dumps(column[0])}]) for row in rows]")
    lines += [f"print({json.dumps(f'{what} of {column[0]}:')}, {code})" for what, code in asked]
    return "\n".join(lines)


def _drawing(name: str, column: tuple[str, list[float]] | None) -> str:
    title, values = column or ("value", _BARS)
    shown = list(values)[:_MOST_BARS]
    return "\n".join(
        [
            "import os",
            "import matplotlib.pyplot as plt",
            "",
            f"plt.bar({list(range(len(shown)))}, {shown})",
            f"plt.title({json.dumps(title)})",
            _path_of(name, "OUTPUT_DIR").rstrip(),
            "plt.savefig(path)",
            "print(os.listdir(os.environ['OUTPUT_DIR']))",
        ]
    )


def _saving(name: str, prompt: str) -> str:
    return "\n".join(
        [
            "import os",
            "",
            _path_of(name, "OUTPUT_DIR").rstrip(),
            "with open(path, 'w') as file:",
            f"    file.write({json.dumps(text_for(prompt), ensure_ascii=False)})",
            "print(os.listdir(os.environ['OUTPUT_DIR']))",
        ]
    )
