"""Simulator: the public surface."""

import grader.simulator


def test_the_face_is_the_whole_public_surface() -> None:
    """Other folders import these names and no others."""
    assert grader.simulator.__all__ == [
        "BLOCKS",
        "LABEL",
        "NEWEST_VERSION",
        "STOP_REASONS",
        "Counter",
        "Exchange",
        "Fault",
        "Interrupted",
        "Json",
        "Pace",
        "RateLimit",
        "Replies",
        "Reply",
        "Request",
        "Script",
        "Scripted",
        "ServerSentEvent",
        "Simulator",
        "SimulatorTransport",
        "Turn",
        "compaction",
        "compaction_unavailable",
        "connection_cut",
        "count_prompt",
        "credit_too_low",
        "empty",
        "estimate_tokens",
        "improvise",
        "input_tokens",
        "installed_counter",
        "interrupted",
        "lost_connection",
        "output_tokens",
        "overloaded",
        "rate_limited",
        "refusal",
        "server_error",
        "spend_limit_reached",
        "text",
        "thinking",
        "timed_out",
        "tool_use",
        "turn",
        "with_faults",
    ]
    assert all(hasattr(grader.simulator, name) for name in grader.simulator.__all__)
