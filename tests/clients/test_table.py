"""The table of clients: what it says is there, and each verdict can come out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalog import active_models, find_model
from tests.clients.table import HERE, Outcome, Theirs, judge, read_table, render

CLIENTS, THEIRS = read_table()
REFUSES = active_models(lambda card: not card.rules.forced_tool_choice)[0]
TAKES = active_models(lambda card: card.rules.forced_tool_choice)[0]
ROW = Theirs("a", "refused", "it forces", "tools", {"forced_tool_choice": False})


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_has_its_program_and_its_lock(client) -> None:
    """Every package at one version."""
    assert client.program.is_file()
    if client.lock is None:
        assert '"lockfileVersion"' in (HERE / "npm" / "package-lock.json").read_text("utf-8")
    else:
        lines = client.lock.read_text("utf-8").splitlines()
        pinned = [line for line in lines if not line.startswith("#")]
        assert pinned
        assert all(re.fullmatch(r"[\w.\-]+==[\w.+!]+", line) for line in pinned)


def test_no_program_and_no_lock_is_left_over() -> None:
    """Each belongs to a client; what begins otherwise is shared."""
    assert {*(HERE / "programs").glob("try_*")} == {client.program for client in CLIENTS}
    assert {*(HERE / "locks").iterdir()} == {client.lock for client in CLIENTS if client.lock}


def test_what_is_theirs_is_about_a_client_and_a_rule_that_exist() -> None:
    """And holds for some model at least."""
    names = {client.name for client in CLIENTS}
    for row in THEIRS:
        assert row.client in names
        outcomes = [Outcome(row.client, row.feature, model) for model in active_models()]
        assert any(row.is_about(outcome) for outcome in outcomes)


@pytest.mark.parametrize(
    ("model", "problem", "verdict"),
    [
        (TAKES, "", "ok"),
        (TAKES, "it was refused", "OURS"),
        (REFUSES, "it was refused", "theirs"),
        (REFUSES, "it was lost", "OURS"),
        (REFUSES, "", "OURS"),
    ],
)
def test_a_failure_is_theirs_only_where_it_is_expected_so(
    model: str, problem: str, verdict: str
) -> None:
    """Of that model, in those words; one that is gone is to be struck out."""
    (judged,) = judge([Outcome("a", "tools", model, problem)], [ROW])
    assert judged.verdict == verdict


def test_what_fails_for_some_models_may_work() -> None:
    """Where it depends on what a client knows; a row may be about any feature."""
    row = Theirs("a", "Unknown model", "it is newer", sometimes=True)
    outcomes = [Outcome("a", "plain", TAKES), Outcome("a", "tools", TAKES, "Unknown model")]
    verdicts = [each.verdict for each in judge(outcomes, [row, ROW])]
    assert verdicts == ["ok", "theirs"]


def test_the_table_has_a_cell_for_each_feature_and_a_note_on_each_failure() -> None:
    """The worst of its tries, and how many went well."""
    outcomes = [
        Outcome("a", "plain", TAKES),
        Outcome("a", "tools", REFUSES, "refused"),
        Outcome("a", "tools", TAKES),
        Outcome("b", "structured: JSON", TAKES, "no JSON"),
    ]
    head, first, second, *notes = render(judge(outcomes, [ROW]))
    assert head.split()[:3] == ["client", "plain", "stream"]
    assert first.split()[:5] == ["a", "ok", "-", "theirs", "1/2"]
    assert "OURS 0/1" in second
    assert notes == [
        f"theirs: a, tools: it forces ({REFUSES})",
        f"OURS: b, structured: JSON: no JSON ({TAKES})",
    ]
    assert find_model(REFUSES).rules != find_model(TAKES).rules


@pytest.mark.parametrize(
    "tries",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80))",
        "import urllib.request as u; u.urlopen('http://example.invalid/')",
        "import socket; socket.getaddrinfo('example.com', 443)",
    ],
)
def test_a_client_reaches_no_other_machine(tries: str) -> None:
    """By address or by name; this machine it does reach."""
    guarded = {"PYTHONPATH": str(HERE / "guard"), "PYTHONDONTWRITEBYTECODE": "1"}
    here = "import socket; s = socket.create_server(('127.0.0.1', 0));"
    here += "socket.create_connection(s.getsockname()).close();"
    done = subprocess.run(
        [sys.executable, "-c", here + tries],
        env=guarded,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "is not this machine" in done.stderr


def test_programs_import_nothing_of_the_course() -> None:
    """They run in environments where it isn't."""
    for program in (HERE / "programs").iterdir():
        if program.is_file():
            assert "grader" not in Path(program).read_text("utf-8")
