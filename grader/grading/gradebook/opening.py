"""Open a gradebook, and make it if there is none."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.grading.gradebook.book import Book
from grader.grading.options import configure
from grader.look.inert import one_line

OWN_FILE = "gradebook.db"
"""The gradebook of a folder of results, unless another is chosen."""

# nbgrader leaves an unnamed course out of its table of courses but refers to it anyway, which
# PostgreSQL refuses.
_COURSE = "default_course"
_SQLITE = "sqlite:///"
_GRAMMAR = "rfc3987_syntax"
_WRITABLE = (
    "Close what else has it open, see that you may write it, make room, then run the same command "
    "again: it goes on where it stopped."
)


@contextmanager
def open_gradebook(root: Path, db_url: str | None = None, *, config: Any = None) -> Iterator[Book]:
    """Open the gradebook of a folder of results, to write into it.

    db_url: an SQLAlchemy URL; the folder's own SQLite file unless given.
    config: a traitlets Config with an instructor's options, such as AssignLatePenalties; they
    override ours.
    Raises GradingError when it cannot be opened or written; what was written before stays.
    """
    import_nbformat()
    from sqlalchemy.exc import SQLAlchemyError
    from traitlets.config import Config

    url = db_url or f"sqlite:///{root.resolve() / OWN_FILE}"
    options = Config()
    configure(options, root=root, db_url=url)
    options.merge(config or {})
    # nbgrader and SQLAlchemy warn about each other, which helps no instructor.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gradebook = _opened(url, options.CourseDirectory.get("course_id") or _COURSE)
        try:
            yield Book(gradebook, root, options)
        except SQLAlchemyError as error:
            raise GradingError(
                f"The gradebook {shown_url(url)} cannot be written: {_cause(error)} {_WRITABLE}"
            ) from error
        finally:
            gradebook.close()


def import_nbformat() -> None:
    """Import nbformat, and with it jsonschema, without its check of international addresses.

    That check compiles a grammar at import: three seconds, more than everything else that grading
    imports. No notebook has such an address.
    """
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules:
        return
    # None makes an import of this name fail, which jsonschema handles: the package is optional.
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
    try:
        import nbformat  # noqa: F401
    finally:
        del sys.modules[_GRAMMAR]


def shown_url(url: str) -> str:
    """Return a gradebook's URL without its password."""
    return re.sub(r"(://[^:/@]*:).*@", r"\1***@", url)


def _opened(url: str, course: str) -> Any:
    from nbgrader.api import Gradebook

    try:
        _make_tables(url)
        return Gradebook(url, course)
    except Exception as error:
        raise GradingError(
            f"The gradebook {shown_url(url)} cannot be opened: {_cause(error)} {_fix(error, url)}"
        ) from error


def _fix(error: Exception, url: str) -> str:
    """Return how to fix a gradebook that cannot be opened."""
    from sqlalchemy.exc import ArgumentError

    file = Path(url.removeprefix(_SQLITE))
    said = str(error)
    if "locked" in said or "disk is full" in said or "readonly" in said:
        return _WRITABLE
    if isinstance(error, ModuleNotFoundError) and url.startswith("postgresql"):
        return f"Install it: {sys.executable} -m pip install 'psycopg[binary]'"
    if isinstance(error, ArgumentError | ModuleNotFoundError):
        return "Give --db a URL such as sqlite:///gradebook.db or postgresql://user@host/name."
    if not url.startswith(_SQLITE):
        return "See that the server runs, and that its address, name and password are right."
    if not file.parent.is_dir():
        return f"Make its folder first: mkdir -p {file.parent}"
    return "See that it is a gradebook of nbgrader that you may write, or choose another file."


def _make_tables(url: str) -> None:
    """Make a gradebook's tables as nbgrader does, whole or not at all.

    nbgrader starts an alembic process to learn which version its tables have: that takes a second
    or more, and fails if alembic is not on the path.
    """
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url)
    try:
        if inspect(engine).get_table_names():
            return
        version = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                # Python begins no transaction for CREATE TABLE by itself.
                connection.exec_driver_sql("BEGIN")
            Base.metadata.create_all(connection)
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            )
            connection.execute(
                text("INSERT INTO alembic_version VALUES (:version)"), {"version": version}
            )
    finally:
        engine.dispose()


def _cause(error: BaseException) -> str:
    """Return the driver's words, without SQLAlchemy's and without the statement."""
    said = getattr(error, "orig", None) or error
    first = next(iter(str(said).strip().splitlines()), "").rstrip(".")
    name = type(said).__name__
    return f"{name}: {one_line(shown_url(first))}." if first else f"{name}."
