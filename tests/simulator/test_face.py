"""Simulator: the public surface."""

import grader.simulator


def test_the_face_is_the_whole_public_surface() -> None:
    """Other folders import these names and no others."""
    assert grader.simulator.__all__ == [
        "LABEL",
        "NEWEST_VERSION",
        "STOP_REASONS",
        "Exchange",
        "Fault",
        "Json",
        "Pace",
        "Replies",
        "Reply",
        "Request",
        "Script",
        "Scripted",
        "ServerSentEvent",
        "Simulator",
        "SimulatorTransport",
        "Turn",
        "empty",
        "improvise",
        "input_tokens",
        "output_tokens",
        "refusal",
        "text",
        "thinking",
        "tool_use",
        "turn",
    ]
    assert all(hasattr(grader.simulator, name) for name in grader.simulator.__all__)
