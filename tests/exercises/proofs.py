"""The proofs of all exercises, in the order of the course."""

from tests.exercises.agents import execute_all, extract_invoice, run_agent, to_tool_choice
from tests.exercises.conversations import chat, continue_reply, conversation, trim_history
from tests.exercises.production import (
    call_with_retries,
    classify_error,
    gather_limited,
    support_bot,
)
from tests.exercises.prompt_caching import (
    add_cache,
    break_even_calls,
    build_request,
    cache_status,
    cached_chat,
)
from tests.exercises.start_here import describe_reply, first_call
from tests.exercises.streaming import (
    accumulate,
    first_token_latency,
    stream_text,
    stream_until,
    tool_inputs,
)
from tests.exercises.structure import (
    convert_image_part,
    convert_request,
    finish_reason,
    split_system,
    text_of,
)
from tests.exercises.tokens_and_cost import (
    cheapest_that_passes,
    cost,
    count_request,
    fits,
    pick_model,
    total_input,
    trim_to_budget,
)
from tests.exercises.tool_use import (
    convert_tool_history,
    run_tools,
    to_anthropic_tool,
    tool_result,
    tool_uses,
)

PROOFS = tuple(
    module.PROOF
    for module in (
        first_call,
        describe_reply,
        split_system,
        convert_request,
        convert_image_part,
        text_of,
        finish_reason,
        chat,
        conversation,
        trim_history,
        continue_reply,
        to_anthropic_tool,
        tool_uses,
        tool_result,
        run_tools,
        convert_tool_history,
        execute_all,
        to_tool_choice,
        extract_invoice,
        run_agent,
        stream_text,
        accumulate,
        tool_inputs,
        first_token_latency,
        stream_until,
        count_request,
        fits,
        total_input,
        cost,
        trim_to_budget,
        pick_model,
        cheapest_that_passes,
        cache_status,
        add_cache,
        build_request,
        break_even_calls,
        cached_chat,
        classify_error,
        call_with_retries,
        gather_limited,
        support_bot,
    )
)
