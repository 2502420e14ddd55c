"""The Anthropic SDK's own tests, from its source distribution, against `grader serve`."""

import os
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.serving import serving

pytestmark = pytest.mark.sdks

ROOT = Path(__file__).parents[3]
SDK = ROOT / ".venv" / "conformance" / "sdk"
PYTHON = ROOT / ".venv" / "conformance" / "python" / "bin" / "python"
SUITE = (
    "api_resources/messages/test_batches.py",
    "api_resources/beta/messages/test_batches.py",
    "api_resources/test_messages.py",
    "api_resources/beta/test_messages.py",
    "api_resources/test_models.py",
    "api_resources/beta/test_models.py",
    "api_resources/test_files.py",
    "api_resources/beta/test_files.py",
)

DESELECTED: dict[str, str] = {
    f"api_resources/{module}test_files.py::{suite}::test_{form}_download": (
        "the SDK answers its downloads itself, and no server is asked"
    )
    for module in ("", "beta/")
    for suite in ("TestFiles", "TestAsyncFiles")
    for form in ("method", "raw_response", "streaming_response")
}
"""The tests that are left out, by how their names begin from `tests/` on, with the reason."""

SCHEMA = 'a tool\'s schema gives "bar" as the schema of a property'
MODEL = 'asks for a model named "model_id"'
BATCHES = {
    **{
        f"test_{form}_{method}": 'asks for a batch named "message_batch_id"'
        for form in ("method", "raw_response", "streaming_response")
        for method in ("retrieve", "cancel", "delete")
    },
    **{
        f"test_method_{method}_with_all_params": 'asks for a batch named "message_batch_id"'
        for method in ("retrieve", "cancel", "delete")
    },
    "test_method_list_with_all_params": 'asks for what comes after a batch named "after_id"',
}
FILES = {
    **{
        f"test_{form}_{method}": 'asks for a file named "file_id"'
        for form in ("method", "raw_response", "streaming_response")
        for method in ("retrieve_metadata", "delete")
    },
    **{
        f"test_method_{method}_with_all_params": 'asks for a file named "file_id"'
        for method in ("retrieve_metadata", "delete")
    },
    "test_method_list_with_all_params": "asks for files by id and for a page at once",
}
MODELS = {
    "test_method_retrieve": MODEL,
    "test_method_retrieve_with_all_params": MODEL,
    "test_raw_response_retrieve": MODEL,
    "test_streaming_response_retrieve": MODEL,
    "test_method_list_with_all_params": 'asks for what comes after a model named "after_id"',
}
NONSENSE = {
    "api_resources.test_files": FILES,
    "api_resources.beta.test_files": FILES,
    "api_resources.messages.test_batches": BATCHES,
    "api_resources.beta.messages.test_batches": BATCHES,
    "api_resources.test_messages": {
        "test_method_create_with_all_params_overload_1": SCHEMA,
        "test_method_create_with_all_params_overload_2": SCHEMA,
        "test_method_count_tokens_with_all_params": SCHEMA,
        "test_deprecated_model_warning": "asks for models that are retired",
    },
    "api_resources.beta.test_messages": {
        "test_method_create_with_all_params_overload_1": SCHEMA,
        "test_method_create_with_all_params_overload_2": SCHEMA,
        "test_method_count_tokens_with_all_params": SCHEMA,
    },
    "api_resources.test_models": MODELS,
    "api_resources.beta.test_models": MODELS,
}
"""What is sent on purpose though the API refuses it: by module and test, with the first fault."""

Outcomes = dict[tuple[str, str], list[bool]]
"""Whether each variant of a test passed, by module and name."""


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Outcomes]:
    """Run the SDK's tests with its own configuration against a server with these options."""
    if not PYTHON.exists():
        pytest.skip("The SDK's own tests are not here; `make conformance` fetches them.")

    def run_suite(*options: str) -> Outcomes:
        report = tmp_path / "report.xml"
        command = [PYTHON, "-m", "pytest", "--quiet", f"--junitxml={report}"]
        # Their own options but for the many processes, each of which would cost a second.
        command += ["--override-ini", "addopts=--tb=short -p tests._alias_httpx"]
        command += [f"--deselect=tests/{name}" for name in DESELECTED]
        command += [f"tests/{name}" for name in SUITE]
        with serving(*options) as server:
            subprocess.run(
                command,
                cwd=SDK,
                env={**os.environ, "TEST_API_BASE_URL": server.address},
                capture_output=True,
                check=False,
            )
        return read_outcomes(report)

    return run_suite


def read_outcomes(report: Path) -> Outcomes:
    """Return what a report of pytest says of each test; one that was skipped did not pass."""
    outcomes: Outcomes = {}
    for case in ET.parse(report).iter("testcase"):
        # The class is the last part of the one, the variant in the brackets of the other.
        module = case.attrib["classname"].removeprefix("tests.").rpartition(".")[0]
        name = case.attrib["name"].partition("[")[0]
        outcomes.setdefault((module, name), []).append(len(case) == 0)
    return outcomes


def count(outcomes: Outcomes) -> str:
    """Say how many passed."""
    passed = [each for variants in outcomes.values() for each in variants]
    return f"{sum(passed)} of {len(passed)}"


def test_every_test_passes_in_lenient_mode(run, tell) -> None:
    """Plain and streamed messages, token counts, batches, models; three kinds of client."""
    outcomes = run("--lenient")
    tell("the Anthropic SDK's own tests that pass in lenient mode", count(outcomes))
    tell("deselected", len(DESELECTED))
    failed = [test for test, variants in outcomes.items() if not all(variants)]
    assert failed == []
    assert sum(map(len, outcomes.values())) > 400


def test_without_it_those_fail_that_send_nonsense(run, tell) -> None:
    """In all their variants, and no others."""
    outcomes = run()
    tell("without lenient mode", count(outcomes))
    failed = {test for test, variants in outcomes.items() if not any(variants)}
    assert failed == {(module, name) for module, tests in NONSENSE.items() for name in tests}
    assert all(all(variants) for test, variants in outcomes.items() if test not in failed)
