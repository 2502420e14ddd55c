"""`grader export`: what other systems take: feedback pages, and grading in their autograders."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from grader.cli.collecting import some_of
from grader.cli.consoles import stdout
from grader.cli.due_times import lesson_named
from grader.plural import counted

export = typer.Typer(
    help="Hand feedback back; grade inside Gradescope or Classroom 50.",
    no_args_is_help=True,
    add_completion=False,
)

Submission = Annotated[
    Path, typer.Argument(help="What one student handed in: a file, a zip or a folder.")
]
LessonOption = Annotated[
    str, typer.Option(help="The lesson; the beginning of its name is enough: 03.")
]
Unsandboxed = Annotated[
    bool,
    typer.Option(
        "--allow-unsandboxed",
        help="Grade where nothing can seal the submission off from this machine.",
    ),
]


def _own_course() -> Path:
    """Return the course that this command belongs to; the current folder may be a student's."""
    import grader
    from grader.sources import find_root

    return find_root(Path(grader.__file__).parent)


@export.command("feedback")
def feedback(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="What `grader grade` wrote: its --out.")
    ],
    lesson: LessonOption,
    submitted: Annotated[Path, typer.Option(help="The folder that `grader collect` made.")] = Path(
        "submitted"
    ),
    out: Annotated[Path, typer.Option(help="The archive to write.")] = Path("feedback.zip"),
) -> None:
    """Make a zip of a lesson's feedback pages, which Canvas or Moodle gives to each student."""
    from grader.grading.report import feedback_zip
    from grader.grading.whole_file import write_whole

    made = feedback_zip(folder, submitted, lesson_named(lesson))
    if made.pages:
        write_whole(out, made.content)
        stdout.print(f"wrote {escape(str(out))}: {counted(made.pages, 'page')}")
    if made.without:
        stdout.print(
            escape(
                "Not in it, because they were not collected from Canvas or Moodle: "
                f"{some_of(made.without, len(made.without))}"
            )
        )
    raise typer.Exit(0 if made.pages else 1)


@export.command("lti")
def lti(
    file: Annotated[Path, typer.Argument(help="The file to make, such as canvas.toml.")],
) -> None:
    """Make a key and a file to fill in, so that `grader passback` can reach a gradebook by LTI."""
    from grader.grading.passback import new_platform

    jwk, pem, key = new_platform(file)
    stdout.print(
        escape(
            f"wrote {file}: fill it in, once the tool is registered.\n"
            f"wrote {jwk} and {pem}: the public key, for your learning platform. It may read and "
            "write line items, write scores, and read results, names and roles.\n"
            f"wrote {key}: keep it to yourself."
        ),
        soft_wrap=True,
    )


@export.command("gradescope")
def gradescope(
    lesson: LessonOption,
    out: Annotated[Path, typer.Option(help="The archive to write.")] = Path("autograder.zip"),
) -> None:
    """Make the zip that Gradescope takes as a programming assignment's autograder."""
    from grader.grading.autograders import gradescope_zip
    from grader.grading.whole_file import write_whole

    name = lesson_named(lesson)
    content = gradescope_zip(_own_course(), name)
    write_whole(out, content)
    stdout.print(f"wrote {escape(str(out))}: {len(content):,} bytes, for {name}")


@export.command("gradescope-results")
def gradescope_results_of(
    submission: Submission,
    lesson: LessonOption,
    out: Annotated[Path, typer.Option(help="Where Gradescope looks for it.")] = Path(
        "results.json"
    ),
    allow_unsandboxed: Unsandboxed = False,
) -> None:
    """Grade one submission, and write the results as Gradescope reads them."""
    from grader.grading.autograders import grade_one, gradescope_results

    standing = grade_one(
        submission, _own_course(), lesson_named(lesson), allow_unsandboxed=allow_unsandboxed
    )
    _write(out, gradescope_results(standing))


@export.command("classroom50")
def classroom50(
    submission: Submission,
    lesson: LessonOption,
    out: Annotated[Path, typer.Option(help="Where Classroom 50 looks for it.")] = Path(
        "result.json"
    ),
    allow_unsandboxed: Unsandboxed = False,
) -> None:
    """Grade one submission, and write the result as Classroom 50 reads it.

    Run it in an assignment's autograder.py: the runner's environment says whose it is.
    """
    from grader.grading.autograders import classroom50_result, grade_one, identity_in

    identity = identity_in(os.environ)
    standing = grade_one(
        submission, _own_course(), lesson_named(lesson), allow_unsandboxed=allow_unsandboxed
    )
    _write(out, classroom50_result(standing, identity, _committed(submission)))


def _committed(submission: Path) -> datetime:
    """Return when a checkout's last commit was made; now, if it is none."""
    import subprocess

    folder = submission if submission.is_dir() else submission.parent
    command = ["git", "-C", str(folder), "show", "-s", "--format=%cI", "HEAD"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        return datetime.fromisoformat(told.stdout.strip())
    except (OSError, ValueError, subprocess.CalledProcessError):
        return datetime.now(UTC)


def _write(out: Path, value: object) -> None:
    from grader.grading.whole_file import write_whole

    write_whole(out, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())
    stdout.print(f"wrote {escape(str(out))}")
