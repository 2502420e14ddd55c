"""What GitHub runs: every target of the Makefile that proves something, and so every test."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from binder.site.folders import OUT

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
SET_UP = (ROOT / ".ci" / "setup").read_text(encoding="utf-8")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

PROVES = re.compile(r"-m (pytest|tests\.(?!browser\.pictures))|bin/(ruff|mypy|lint-imports)")
"""What the recipe of a target holds that can fail because the project is wrong."""
SWITCH = re.compile(
    r"""\b(EVERY|SOAK|SEEDS)["'] (?:not )?in os\.environ|environ\.get\(["'](SEEDS)"""
)
"""How a test asks whether it is to try more than `make test` does."""


def recipes(makefile: str) -> dict[str, str]:
    """Return what each target runs, and in its first line what it needs."""
    found = re.findall(r"^([a-z]+):(.*\n(?:\t.*\n)*)", makefile, re.MULTILINE)
    return dict(found)


def proving(makefile: str) -> set[str]:
    """Return the targets that can fail because the project is wrong."""
    return {target for target, recipe in recipes(makefile).items() if PROVES.search(recipe)}


def jobs(workflow: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Give each command of a workflow with its job, once for each row of the job's matrix."""
    for job in yaml.safe_load(workflow)["jobs"].values():
        matrix = job.get("strategy", {}).get("matrix", {})
        for row in matrix.get("include", [{}]):
            for step in job["steps"]:
                if "run" in step:
                    yield _filled(step["run"], row), job, row


def _filled(text: str, row: dict[str, Any]) -> str:
    return re.sub(r"\$\{\{ matrix\.([\w-]+) \}\}", lambda found: str(row[found[1]]), text)


def run_by(workflow: str) -> set[str]:
    """Return the targets that a workflow runs, with those that they need."""
    named = {word for command, _, _ in jobs(workflow) for word in command.split()[1:]}
    known = recipes(MAKEFILE)
    needed = {word for name in named & known.keys() for word in known[name].split("\n")[0].split()}
    return named | (needed & known.keys())


def test_every_target_that_proves_something_is_run() -> None:
    """Nothing is proved on one author's machine only."""
    assert proving(MAKEFILE) - run_by(WORKFLOW) == set()
    assert {"test", "lint", "browser", "proofs", "soak", "mutants", "bench"} <= proving(MAKEFILE)


def test_every_target_that_is_run_is_there() -> None:
    """A renamed target would fail on GitHub only."""
    assert run_by(WORKFLOW) - recipes(MAKEFILE).keys() == set()


def test_a_target_that_is_left_out_is_found() -> None:
    """The laws above can be broken."""
    without = re.sub(r".*target: proofs.*\n", "", WORKFLOW)
    assert proving(MAKEFILE) - run_by(without) == {"proofs"}
    assert run_by(WORKFLOW.replace("target: soak", "target: gone")) - recipes(MAKEFILE).keys() == {
        "gone"
    }


def test_every_command_goes_the_way_of_ci_run_and_comes_to_an_end() -> None:
    """It installs what the machine lacks; a job that hangs costs hours."""
    for command, job, row in jobs(WORKFLOW):
        assert command.split()[0] == ".ci/run"
        assert 1 <= int(_filled(str(job["timeout-minutes"]), row)) <= 90


def test_the_site_that_is_published_is_what_make_site_builds() -> None:
    """One command builds it, in the folder that is uploaded; every job comes to an end."""
    workflow = yaml.safe_load(PAGES)
    run = [step["run"] for step in workflow["jobs"]["build"]["steps"] if "run" in step]
    assert run == [".ci/run site"]
    assert "site" in recipes(MAKEFILE)
    uploaded = [step["with"]["path"] for step in workflow["jobs"]["build"]["steps"][-1:]]
    assert uploaded == [OUT.relative_to(ROOT).as_posix()]
    assert all(1 <= job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())
    # Only the jobs that publish may do so.
    assert workflow["permissions"] == {"contents": "read"}
    allowed = {name for name, job in workflow["jobs"].items() if "permissions" in job}
    assert allowed == {"publish", "colab"}


def test_the_branch_for_colab_holds_what_the_module_writes() -> None:
    """Made anew from main each time, and pushed under the name that README's links have."""
    commands = [
        command for command, job, _ in jobs(PAGES) if "contents" in job.get("permissions", {})
    ]
    assert "python -m binder.colab out/colab" in commands[0]
    assert commands[1].startswith("cd out/colab ")
    assert commands[1].rstrip().endswith(" colab")


def test_what_make_test_leaves_out_another_target_runs() -> None:
    """A marker that is excluded there is chosen elsewhere."""
    known = recipes(MAKEFILE)
    left_out = set(re.findall(r"not (\w+)", known["test"]))
    chosen = {
        marker
        for target in run_by(WORKFLOW) & known.keys()
        for marker in re.findall(r"-m (\w+) tests", known[target])
    }
    assert left_out == {"binder", "browser", "proofs", "sdks", "site"}
    assert left_out - chosen == set()


def modules_that_try_more() -> list[Any]:
    """Give each test module that asks for a switch, with the switch."""
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if path.name == "conftest.py" or path == Path(__file__):
            continue
        for names in set(SWITCH.findall(path.read_text(encoding="utf-8"))):
            place = path.relative_to(ROOT).as_posix()
            found.append(pytest.param(place, "".join(names), id=f"{place}-{''.join(names)}"))
    return found


@pytest.mark.parametrize(("place", "switch"), modules_that_try_more())
def test_where_a_test_can_try_more_a_target_asks_for_it(place: str, switch: str) -> None:
    """All that a switch adds is run by a target that sets it, in the folder of the module."""
    asked = [
        word
        for target in run_by(WORKFLOW) & recipes(MAKEFILE).keys()
        for line in recipes(MAKEFILE)[target].splitlines()
        if f"{switch}=" in line
        for word in line.split()
        if word.startswith("tests/")
    ]
    if not Path(place).name.startswith("test_"):
        # What others import is tried where they are.
        asked = [f"{Path(word).parent}/" if word.endswith(".py") else word for word in asked]
    assert any(place.startswith(word) for word in asked)


def test_all_supported_versions_of_python_are_tried() -> None:
    """The lowest that pyproject.toml allows, and each that `.ci/setup` takes."""
    taken = re.search(r"case \$1 in ([\d. |]+)\)", SET_UP)
    assert taken is not None
    versions = taken[1].split(" | ")
    assert (
        yaml.safe_load(WORKFLOW)["jobs"]["test"]["strategy"]["matrix"]["python-version"] == versions
    )
    assert f'requires-python = ">={versions[0]}"' in PROJECT
