"""What the SDK's own tests say about the simulator, shown after the run."""

from collections.abc import Callable

import pytest

PREFIX = "sdk: "


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Note a number, to be shown after the run."""
    return lambda name, value: request.node.user_properties.append((PREFIX + name, str(value)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show every number that was noted."""
    lines = [
        f"{name.removeprefix(PREFIX)}: {value}"
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, value in report.user_properties
        if name.startswith(PREFIX)
    ]
    if lines:
        terminalreporter.section("the SDK's own tests")
        terminalreporter.write_line("\n".join(lines))
