"""What the path to a file says: who handed it in, and when, in the forms that systems use.

Canvas: lib/content_zipper.rb. Moodle: mod/assign/classes/downloader.php. nbgrader's exchange:
exchange/default/submit.py. GitHub Classroom: `gh classroom clone student-repos` makes a folder
<assignment>-submissions with a clone <assignment>-<login> for each student.

The times inside a zip say nothing: Canvas (get_output_stream) and Moodle (its zipwriter's
addFileFromStream) write the moment of packing.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.grading.hand_in_times import read_moment
from grader.grading.intake.walking import Item
from grader.grading.lesson_names import beside_lesson, lesson_titled

CANVAS, MOODLE, EXCHANGE = "Canvas", "Moodle", "nbgrader's exchange"
CLONES, FOLDERS = "clones", "folders"

_CANVAS = re.compile(
    r"(?P<who>.+?)(?P<late>_LATE)?_(?P<id>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.IGNORECASE
)
_ANONYMOUS = re.compile(
    r"anon_(?P<id>[A-Za-z0-9]+)(?P<late>_LATE)?_(?P<file>\d+)_(?P<rest>.+)", re.IGNORECASE
)
_MOODLE = re.compile(r"(?P<who>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?")
_EXCHANGE = re.compile(
    r"(?P<who>[^+*]+)\+(?P<lesson>[^+]+)\+"
    r"(?P<at>\d{4}-\d\d-\d\d[ T_]\d\d[:_]\d\d[:_]\d\d(?:\.\d+)?"
    r"(?: (?:[A-Za-z_/-]+|[+-]\d\d:?\d\d))?)(?:\+.*)?"
)
_NUMBERED = re.compile(r"(?P<base>.+?)(?:[ _+]?\((?P<copy>\d{1,3})\)|-(?P<try>\d{1,2}))")
_COPY = re.compile(
    r"^(?:copy of|kopie von|copie de|copia de)[ _]{1,9}"
    r"|[ _-]{1,9}(?:copy|kopie|copie|copia)(?: ?\d{1,2})?$",
    re.IGNORECASE,
)
_COPIED = re.compile(r".+?[ _+]?\((?P<copy>\d{1,3})\)")
_ENDS = (".ipynb", ".zip", ".json", ".txt")
_LEADS_ON = "-submissions"
_GOOGLE = " - "
# One student hands in few files with odd names; a class is more.
_MANY = 3
_COURSE = "course"
_ASSIGNED = re.compile(
    r"(?:lesson|hw|homework|assignment|lab|project|exercise|unit|week|\d\d[-_])[\w-]*-\w",
    re.IGNORECASE,
)
# What a file is called when nobody gave it a name.
_NOBODY = re.compile(
    r"(?:untitled|unbenannt|notebook|homework|assignment|submission|solution|final|work|test)"
    r"[ _-]?\d{0,2}",
    re.IGNORECASE,
)
# What people call the folders around their work.
_WRAPPERS = frozenset(
    {
        "course",
        "solutions",
        "submitted",
        "submission",
        "submissions",
        "inbound",
        "notebooks",
        "lessons",
        "assignments",
        "homework",
        "work",
        "src",
        "home",
        "jovyan",
        "desktop",
        "downloads",
        "documents",
    }
)


@dataclass(frozen=True)
class Clue:
    """Hold what a path says about a file.

    system: whose form it has. words: what may name the student, the surest first.
    number: the system's own number of the student. at: when it was handed in. order: rises with
    each file that the system got. copy: its number among files of one name, base being that name.
    lesson: words that name the lesson. is_late: whether the system calls it late.
    """

    system: str
    words: tuple[str, ...] = ()
    number: str = ""
    at: datetime | None = None
    order: int = 0
    base: str = ""
    copy: int = 0
    lesson: str = ""
    is_late: bool = False


class Clues:
    """Read the paths of many files, together: what clones have in common is the assignment.

    notebooks: the files that may be handed in. others: files beside them.
    """

    def __init__(self, notebooks: Sequence[Item], others: Sequence[Item] = ()) -> None:
        beside: dict[tuple[str, ...], set[str]] = {}
        forms: Counter[tuple[str, ...]] = Counter()
        for each in (*notebooks, *others):
            for place, part in enumerate(each.parts):
                if part.casefold().endswith(_ENDS):
                    forms[each.parts[:place]] += 1 if _canvas(part) else -1
            clone = _clone_in(each)
            if clone >= 0:
                beside.setdefault(each.parts[:clone], set()).add(each.parts[clone])
        # hw_3_2026_final.ipynb looks the same: what most of a folder's files are decides.
        self._canvas = {above for above, count in forms.items() if count >= 0}
        self._roots = _roots(notebooks)
        self._prefixes = {
            above: _prefix(above[-1] if above else "", names) for above, names in beside.items()
        }

    def of(self, item: Item) -> Clue:
        """Return what the path to a file says."""
        found = self._by_system(item)
        if found is None:
            root = self._roots.get(item.parts[0], 1)
            words = _words(item.parts[root - 1 :])
            if not words and len(self._roots) > 1 and len(item.parts) > 1:
                # Each download may be one student's, as those that come by mail.
                words = [beside_lesson(_without_zip(item.parts[0]))]
            found = item.parts[-1], Clue(FOLDERS, tuple(filter(None, words)))
        rest, clue = found
        lesson = clue.lesson or _lesson_in((*item.parts[:-1], rest))
        base, copy = _numbered(stem_of(rest))
        if not copy and len(item.parts) > 2:
            # A browser unpacks a second download into a folder of such a name.
            folder = _COPIED.fullmatch(item.parts[-2])
            copy = int(folder["copy"]) if folder else 0
        return Clue(
            clue.system,
            clue.words,
            clue.number,
            clue.at,
            clue.order,
            base,
            copy,
            lesson,
            clue.is_late,
        )

    def _by_system(self, item: Item) -> tuple[str, Clue] | None:
        """Return a file's name without what a system put before it, and what that says."""
        name, clone = item.parts[-1], _clone_in(item)
        for place, part in enumerate(item.parts):
            is_last = place == len(item.parts) - 1
            exchange = _EXCHANGE.fullmatch(part)
            if exchange and not is_last:
                at = read_moment(_as_time(exchange["at"]))
                who, lesson = exchange["who"], exchange["lesson"]
                return name, Clue(EXCHANGE, (who,), at=at, lesson=lesson)
            moodle = _MOODLE.fullmatch(part)
            if moodle:
                rest = part.partition("_assignsubmission_")[2].partition("_")[2]
                who = moodle["who"]
                return rest if is_last and rest else name, Clue(MOODLE, (who,), moodle["id"])
            canvas = _canvas(part) if item.parts[:place] in self._canvas else None
            if canvas:
                who = canvas.groupdict().get("who") or "anon"
                clue = Clue(
                    CANVAS,
                    (who,),
                    canvas["id"],
                    order=int(canvas["file"]),
                    is_late=bool(canvas["late"]),
                )
                return canvas["rest"] if is_last else name, clue
            if place == clone:
                prefix = self._prefixes.get(item.parts[:place], "")
                words = (part.removeprefix(prefix), *_ends_of(part.removeprefix(prefix)))
                return name, Clue(CLONES, words)
        return None


def stem_of(name: str) -> str:
    """Return a file's name without the endings that notebooks have, or get on their way."""
    small = name.casefold()
    ends = (".ipynb.json", ".ipynb.txt", ".ipynb")
    end = next((each for each in ends if small.endswith(each)), "")
    return name[: len(name) - len(end)] if end else os.path.splitext(name)[0]


def name_for_feedback(way: Sequence[str], page: str) -> str:
    """Return what a page is to be called, so that the system finds whose it is; "" if it cannot.

    way: the parts of the path to the student's file. page: the page's own name.
    Canvas reads the numbers in the file's name (assignment.rb, generate_comments_from_files),
    Moodle those of the folder (mod/assign/feedback/file/importziplib.php).
    """
    for part in way:
        moodle = _MOODLE.fullmatch(part)
        if moodle:
            return f"{moodle['who']}_{moodle['id']}_assignsubmission_file/{page}"
        if _canvas(part):
            return f"{stem_of(part)}{os.path.splitext(page)[1]}"
    return ""


def is_blind(word: str) -> bool:
    """Return whether a word is what Moodle writes for every student of a blind marking."""
    return word.casefold() in ("participant", "teilnehmer/in", "participante")


def _clone_in(item: Item) -> int:
    """Return the number of the part that is a clone of a repository, or -1.

    One that was packed or copied may have lost its .git, and still has the course's folders. One
    with the notebook at its top is known by an assignment's name in front of the student's.
    """
    if item.clone >= 0:
        return item.clone
    for place in range(1, len(item.parts) - 2):
        if item.parts[place] == _COURSE and not beside_lesson(item.parts[place + 1]):
            return place - 1
    if len(item.parts) > 2 and _ASSIGNED.match(item.parts[1]):
        return 1
    return -1


def _canvas(part: str) -> re.Match[str] | None:
    """Return how a file's name has the form that Canvas gives it, or None."""
    if not part.casefold().endswith(_ENDS):
        return None
    return _ANONYMOUS.fullmatch(part) or _CANVAS.fullmatch(part)


def _numbered(stem: str) -> tuple[str, int]:
    """Return a stem without what programs add to a copy, and the copy's number, else 0."""
    found = _NUMBERED.fullmatch(stem)
    base = found["base"] if found else stem
    return _COPY.sub("", base) or base, int(found["copy"] or found["try"]) if found else 0


def _as_time(text: str) -> str:
    """Return the time in an exchange folder's name, whose colons some systems replace."""
    day, time = text[:10], text[11:]
    return f"{day} {time[:8].replace('_', ':')}{time[8:]}"


def _prefix(above: str, names: set[str]) -> str:
    """Return what the names of clones begin with: the assignment, with a hyphen."""
    if above.endswith(_LEADS_ON):
        told = f"{above.removesuffix(_LEADS_ON)}-"
        if all(each.startswith(told) for each in names):
            return told
    if len(names) < 2:
        return ""
    shared = []
    for parts in zip(*(each.split("-")[:-1] for each in names), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(f"{parts[0]}-")
    return "".join(shared)


def _ends_of(name: str) -> list[str]:
    """Return the ends of a hyphenated name, the longest first: one of them may be a login."""
    parts = name.split("-")
    return ["-".join(parts[place:]) for place in range(1, len(parts))]


def _words(parts: Sequence[str]) -> list[str]:
    """Return what may name the student in a path that no system made, the surest first."""
    folders = [_without_zip(each) for each in parts[1:-1] if not _is_wrapper(each)]
    found = [form for each in folders if (own := beside_lesson(each)) for form in (own, each)]
    stem = _numbered(stem_of(parts[-1]))[0]
    name, dash, title = stem.partition(_GOOGLE)
    if dash:
        # Google Classroom: Ada Lovelace - The tool loop.
        found += [beside_lesson(name), beside_lesson(title)]
    elif beside_lesson(stem):
        found += [beside_lesson(stem), stem]
    return [each for each in dict.fromkeys(found) if each and not _NOBODY.fullmatch(each)]


def _roots(items: Sequence[Item]) -> dict[str, int]:
    """Return how many parts lead to the students' folders in each download, its name included.

    A folder around all of them is nobody's, such as the one that a program makes when it packs or
    unpacks: students.zip/students/ada. A folder whose folders are lessons is a student's.
    """
    paths: dict[str, list[tuple[str, ...]]] = {}
    for each in items:
        paths.setdefault(each.parts[0], []).append(each.parts)
    return {download: _root(found) for download, found in paths.items()}


def _root(paths: Sequence[tuple[str, ...]]) -> int:
    shortest = min(map(len, paths)) - 1
    fork = next((at for at in range(1, shortest) if len({each[at] for each in paths}) > 1), 0)
    if fork:
        people = {each[fork] for each in paths if beside_lesson(each[fork])}
        if len({each for each in people if not _is_wrapper(each)}) > 1:
            return fork
    elif {len(each) - 1 for each in paths} == {shortest} and _are_people(paths):
        return shortest
    # The folder that a program made around what it packed has the archive's own name.
    own = stem_of(paths[0][0]).casefold()
    depth = 1
    while depth < min(shortest, fork or shortest) and paths[0][depth].casefold() == own:
        depth += 1
    return depth


def _are_people(paths: Sequence[tuple[str, ...]]) -> bool:
    """Return whether the files of one folder are named after students, not by one student."""
    stems = [_numbered(stem_of(each[-1]))[0] for each in paths]
    if sum(_GOOGLE in each for each in stems) * 2 > len(stems):
        return True
    names = {own for each in stems if (own := beside_lesson(each)) and not _NOBODY.fullmatch(own)}
    return len(names) >= _MANY


def _without_zip(name: str) -> str:
    return name[:-4] if name.casefold().endswith(".zip") else name


def _is_wrapper(name: str) -> bool:
    return name.casefold() in _WRAPPERS


def _lesson_in(parts: Sequence[str]) -> str:
    """Return the lesson that a path names, the file's own name first."""
    names = [stem_of(parts[-1]), *reversed(parts[:-1])]
    return next(filter(None, map(lesson_titled, names)), "")
