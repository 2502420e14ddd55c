"""The cells that are wrong on purpose, and what each of them shows."""

from __future__ import annotations

from dataclasses import dataclass

CURRENT_MODELS = ("claude-sonnet-5-5", "claude-opus-5-5")
"""Models that think first, and hold thinking to its conversation; the lessons' own does neither."""

MEANT_TO_FAIL = ("expect_error(", "except ")
"""What the source of such a cell contains."""


@dataclass(frozen=True)
class Demo:
    """Name a cell by one of its lines, and hold all that it shows.

    Request ids are written req_…, for they are new each time, and a list of tags as ….
    """

    lesson: str
    line: str
    shows: str


DEMOS = (
    Demo(
        "00_start_here",
        "keyless.api_key = None  # as if no key were set anywhere",
        "The client is made.\n"
        'TypeError: "Could not resolve authentication method. Expected one of api_key, auth_token, '
        'or credentials to be set. Or for the `Authorization` header to be explicitly omitted"',
    ),
    Demo(
        "00_start_here",
        'client.messages.create(model=MODEL, messages=[{"role": "user", "content": "Hello"}])',
        "TypeError: Missing required arguments; Expected either ('max_tokens', 'messages' and "
        "'model') or ('max_tokens', 'messages', 'model' and 'stream') arguments to be given",
    ),
    Demo(
        "00_start_here",
        "print(prepared.content[0].text)",
        "AttributeError: 'ThinkingBlock' object has no attribute 'text'",
    ),
    Demo(
        "00_start_here",
        "print(message.usage.total_tokens)",
        "AttributeError: 'Usage' object has no attribute 'total_tokens'",
    ),
    Demo(
        "00_start_here",
        'model="sonnet-4-6",',
        "404 not_found_error · raised as NotFoundError\nmodel: sonnet-4-6\nrequest id: req_…",
    ),
    Demo(
        "00_start_here",
        "client.messages.create(model=MODEL, max_tokens=300, messages=[])",
        "400 invalid_request_error",
    ),
    Demo(
        "01_structure",
        "client.messages.create(model=MODEL, max_tokens=300, messages=openai_messages)",
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.0: use the top-level 'system' parameter for the initial system prompt; the "
        "directive-only form (content: [] with output_config) is accepted at any position\n"
        "request id: req_…",
    ),
    Demo(
        "01_structure",
        "client.messages.create(temperature=0.2, **request)",
        "TypeError: Messages.create() got an unexpected keyword argument 'temperature'",
    ),
    Demo(
        "01_structure",
        'model=MODEL, max_tokens=300, messages=[{"role": "user", "content": [part, asked]}]',
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.0.content.0: Input tag 'image_url' found using 'type' does not match any of the "
        "expected tags: …\n"
        "request id: req_…",
    ),
    Demo(
        "01_structure",
        'print(f"{scene:10}", repr(replay(scene).content[0].text))',
        "text       'Paris.'\n"
        "thinking   AttributeError 'ThinkingBlock' object has no attribute 'text'\n"
        "two texts  'Let me look that up. '\n"
        "refusal    IndexError list index out of range\n"
        "empty      IndexError list index out of range",
    ),
    Demo(
        "02_conversations",
        "ask([*first, stored, *second])",
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.1: all messages must have non-empty content except for the optional final "
        "assistant message\n"
        "request id: req_…",
    ),
    Demo(
        "02_conversations",
        "ask(talk[2:], model=NEWER)",
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a "
        "different conversation. Remove the block, or set "
        '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block". That setting requires '
        "the `thinking-binding-controls-2026-08-01` value in the `anthropic-beta` header. Content "
        "before this block differs from when it was created, first at `messages.0.content.0`.\n"
        "request id: req_…",
    ),
    Demo(
        "02_conversations",
        'ask(talk, model=NEWER, system=f"{TUTOR} Today is Monday.")',
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a "
        "different conversation. Remove the block, or set "
        '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block". That setting requires '
        "the `thinking-binding-controls-2026-08-01` value in the `anthropic-beta` header. The "
        "`system` prompt differs from the one this block was created with.\n"
        "request id: req_…",
    ),
    Demo(
        "02_conversations",
        "client.messages.create(model=MODEL, max_tokens=300, tools=[tool], messages=short)",
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_01. "
        "Each `tool_result` block must have a corresponding `tool_use` block in the previous "
        "message.\n"
        "request id: req_…",
    ),
    Demo(
        "02_conversations",
        "client.messages.create(model=MODEL, max_tokens=300, messages=[*question, half])",
        "400 invalid_request_error · raised as BadRequestError\n"
        "This model does not support assistant message prefill. The conversation must end with a "
        "user message.\n"
        "request id: req_…",
    ),
    Demo(
        "03_tool_use",
        "tools=[chat_tool],",
        "400 invalid_request_error · raised as BadRequestError\n"
        "tools.0: Input tag 'function' found using 'type' does not match any of the expected tags: "
        "…\n"
        "request id: req_…",
    ),
    Demo(
        "03_tool_use",
        "client.messages.create(model=MODEL, max_tokens=300, tools=TOOLS, messages=mixed)",
        "400 invalid_request_error · raised as BadRequestError\n"
        'messages: Unexpected role "tool". Allowed roles are "user" or "assistant". For '
        "instructions on how to use tools, see "
        "https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview.\n"
        "request id: req_…",
    ),
    Demo(
        "03_tool_use",
        'tutorial_loop(QUESTION, registry={"get_customer": get_customer})',
        "KeyError: 'update_subscription'",
    ),
    Demo(
        "03_tool_use",
        'tutorial_loop("Upgrade customer cust_999 to the pro plan.")',
        "ValueError: there is no customer cust_999",
    ),
    # It catches what its tool raises, and shows nothing yet.
    Demo("04_agents", "content = json.dumps(get_customer(customer_id=customer_id))", ""),
    Demo(
        "04_agents",
        'tool_choice={"type": "any"},',
        "400 invalid_request_error · raised as BadRequestError\n"
        'tool_choice: type "tool" and "any" are not supported for this model.\n'
        "request id: req_…",
    ),
    Demo(
        "04_agents",
        "client.messages.create(**request)",
        "400 invalid_request_error · raised as BadRequestError\n"
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly "
        "set to false\n"
        "request id: req_…",
    ),
    Demo(
        "04_agents",
        "print(type(error).__name__, error)",
        'max_tokens \'{"order": "A-1204", "amount": "49.\'\n'
        "JSONDecodeError Unterminated string starting at: line 1 column 31 (char 30)\n"
        "refusal ''\n"
        "JSONDecodeError Expecting value: line 1 column 1 (char 0)",
    ),
    Demo("04_agents", "except ValidationError as error:", "ValidationError json_invalid"),
    Demo(
        "04_agents",
        'thinking={"type": "enabled", "budget_tokens": 1024},',
        "400 invalid_request_error · raised as BadRequestError\n"
        '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and '
        '"output_config.effort" to control thinking behavior.\n'
        "request id: req_…",
    ),
    Demo(
        "04_agents",
        'client.messages.create(**{**thoughtful, "model": NEWER}, messages=forgetful)',
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.5.content.0: Invalid `signature` in `thinking` block. The block is bound to a "
        "different conversation. Remove the block, or set "
        '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block". That setting requires '
        "the `thinking-binding-controls-2026-08-01` value in the `anthropic-beta` header.\n"
        "request id: req_…",
    ),
    Demo(
        "04_agents",
        "client.messages.create(model=MODEL, max_tokens=2000, tools=[SEARCH], messages=pushed)",
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.1: `web_search` tool use with id `srvtoolu_02` was found without a corresponding "
        "`web_search_tool_result` block\n"
        "request id: req_…",
    ),
    Demo(
        "04_agents",
        "print(number, reply.stop_reason)",
        "0 tool_use\n"
        "1 end_turn\n"
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.4: all messages must have non-empty content except for the optional final "
        "assistant message\n"
        "request id: req_…",
    ),
    Demo(
        "05_streaming",
        "for chunk in client.messages.create(stream=True, **request):",
        "AttributeError: 'RawMessageStartEvent' object has no attribute 'choices'",
    ),
    Demo(
        "05_streaming",
        'print(SIX.index(event["type"]), event["type"])',
        "0 message_start\n1 content_block_start\nValueError: 'ping' is not in list",
    ),
    Demo(
        "05_streaming",
        "for text in client.messages.stream(**request).text_stream:",
        "AttributeError: 'MessageStreamManager' object has no attribute 'text_stream'",
    ),
    Demo(
        "05_streaming",
        "json.loads(pieces[1])",
        "JSONDecodeError: Unterminated string starting at: line 1 column 2 (char 1)",
    ),
    Demo(
        "05_streaming",
        "json.loads(pieces[-1])",
        "JSONDecodeError: Expecting value: line 1 column 1 (char 0)\n{}",
    ),
    Demo(
        "05_streaming",
        "print(text)",
        "A\n rolling\n update\n replac\nes\n the servers one at a time\n"
        "200 overloaded_error · raised as APIStatusError\n"
        "Overloaded\n"
        "request id: req_…",
    ),
    Demo(
        "06_tokens_and_cost",
        "client.messages.count_tokens(model=MODEL, max_tokens=300, messages=[question])",
        "TypeError: Messages.count_tokens() got an unexpected keyword argument 'max_tokens'",
    ),
    Demo(
        "06_tokens_and_cost",
        'messages=[{"role": "user", "content": "word " * 250_000}],',
        "400 invalid_request_error · raised as BadRequestError\n"
        "prompt is too long: 257507 tokens > 200000 maximum\n"
        "request id: req_…",
    ),
    Demo(
        "06_tokens_and_cost",
        "client.messages.create(model=small.id, max_tokens=100_000, stream=True, "
        "messages=[question])",
        "400 invalid_request_error · raised as BadRequestError\n"
        "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for "
        "claude-haiku-4-5-20251001\n"
        "request id: req_…",
    ),
    Demo(
        "07_prompt_caching",
        '**{**plain, "messages": [{**question, "cache_control": {"type": "ephemeral"}}]}',
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.0.cache_control: Extra inputs are not permitted\n"
        "request id: req_…",
    ),
    Demo(
        "07_prompt_caching",
        'history = [*history, {"role": "user", "content": [part]}]',
        "400 invalid_request_error · raised as BadRequestError\n"
        "A maximum of 4 blocks with cache_control may be provided. Found 5.\n"
        "request id: req_…",
    ),
    Demo(
        "08_production",
        'client.messages.create(**{**request, "messages": []})',
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages: at least one message is required\n"
        "request id: req_…",
    ),
    Demo(
        "08_production",
        'client.messages.create(**{**request, "model": "sonnet-4-6"})',
        "req_…\nreq_… 404 not_found_error",
    ),
    Demo(
        "08_production",
        "for trouble in TROUBLES:",
        "               status  type                   x-should-retry  retry-after  error_code\n"
        "wrong key      401     authentication_error   false           -            -\n"
        "too large      413     request_too_large      false           -            -\n"
        "rate limited   429     rate_limit_error       true            9            -\n"
        "spend limit    429     rate_limit_error       false           -            "
        "enforced_spend_limit_reached\n"
        "server error   500     api_error              true            -            -\n"
        "overloaded     529     overloaded_error       true            -            -",
    ),
    Demo(
        "08_production",
        'for trouble in ("no connection", "timed out"):',
        "APIConnectionError False\nAPITimeoutError False",
    ),
    Demo(
        "08_production",
        'rehearse("rate limited").client.messages.create(**request)',
        "anthropic-ratelimit-input-tokens-limit: 2000000\n"
        "anthropic-ratelimit-input-tokens-remaining: 0\n"
        "anthropic-ratelimit-input-tokens-reset: …\n"
        "anthropic-ratelimit-requests-limit: 4000\n"
        "anthropic-ratelimit-requests-remaining: 3999\n"
        "anthropic-ratelimit-requests-reset: …\n"
        "retry-after: 9",
    ),
    Demo(
        "08_production",
        "hasty.messages.create(**request)",
        "APITimeoutError: Request timed out or interrupted. This could be due to a network "
        "timeout, dropped connection, or request cancellation. "
        "See https://docs.anthropic.com/en/api/errors#long-requests for more details.",
    ),
    Demo(
        "08_production",
        "await asyncio.gather(*[async_client.messages.create(**each) for each in requests])",
        "404 not_found_error · raised as NotFoundError\nmodel: sonnet-4-6\nrequest id: req_…",
    ),
    Demo(
        "09_port",
        'old_bot.ask("Where is my order A-1024?")',
        "ValueError: there is no order A-1024",
    ),
    # It catches what a tool raises, and shows nothing yet.
    Demo("09_port", "def run_tool(call):", ""),
    Demo(
        "09_port",
        'shaky = rehearse("overloaded", "answer").client.with_options(max_retries=0)',
        "overloaded_error\n['user', 'user', 'assistant']",
    ),
    Demo(
        "09_port",
        "stream_reply(rest, show_live, CURRENT)",
        "400 invalid_request_error · raised as BadRequestError\n"
        "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a "
        "different conversation. Remove the block, or set "
        '`thinking.block_binding.prefix_mismatch_behavior` to "drop_block". That setting requires '
        "the `thinking-binding-controls-2026-08-01` value in the `anthropic-beta` header. "
        "Content before this block differs from when it was created, first at "
        "`messages.0.content.0`.\n"
        "request id: req_…",
    ),
)
