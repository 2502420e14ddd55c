"""The mutants that keep full marks, each with the reason why that is right.

A mutant is named by its change, or all those of one idea (`behaviours`) by the idea's name.
"""

from __future__ import annotations

_OWN_WORDS = "the words of an exception are the learner's own"
_A_STR = "it is a str already"
_NO_OTHER_TEXT = "the tools that the task gives bring no other type of block with that word"
_NO_CHANGE = "the list that grows is the code's own"
_OWN_IDS = "each call has an id of its own, so no two are alike"
_NEVER_FALSY = "what it returns is never falsy"
_ALL_DIFFER = "the items are the code's own, all differ, and none has a name"
_NO_EVENT_NAMES = "an event has no name"
_TWO_ROLES = "a history has the roles user and assistant"
_RESULTS_FIRST = "the API wants a message's results before anything else"
_MIN_RAISES = "`min` of nothing raises a ValueError as well"
_TEXT_OR_LIST = "the docstring says that it is a text or a list"
_ALWAYS_FITS = "the docstring says that one question always fits"
_A_408 = "a simulated 408 is an api_error, which a later line knows"

SURVIVORS: dict[str, dict[str, str]] = {
    "first_call": {
        "message = client.messages.create(model='claude-sonnet-4-6', max_tokens=300, "
        "messages=[{'role': 'user', 'content': prompt}])  →  message = "
        "client.messages.create(model='claude-sonnet-4-6', max_tokens=301, "
        "messages=[{'role': 'user', 'content': prompt}])": "any limit is right",
    },
    "split_system": {"another kind": _TEXT_OR_LIST, "each name once": "a part has no name"},
    "convert_request": {
        "another kind": _TEXT_OR_LIST,
        "each sort once": "the names of the limit are all different",
        "each name once": "the names of the limit are all different",
        "falsy replaced": "a request is a dict with three keys at least",
        "falsy for None": "an empty instruction is no instruction",
    },
    "convert_image_part": {
        "head, data = url.split(',', 1)  →  head, data = url.split(',', 2)": (
            "a data URI in base64 has one comma"
        ),
    },
    "finish_reason": {
        "raise ValueError(f'no word for stop_reason {message.stop_reason!r}')  →  "
        "raise ValueError(f'no word for stop_reason x{message.stop_reason!r}')": _OWN_WORDS,
        "falsy replaced": "no word of the table is empty",
        "another shape": _A_STR,
    },
    "trim_history": {
        "another kind": _TEXT_OR_LIST,
        "another shape": _A_STR,
        "falsy replaced": "both mean no",
        "each sort once": "whether there is a result does not depend on how many",
        "each name once": "neither places nor blocks of a user's message have names",
        "the first only": _RESULTS_FIRST,
        "two at most": _RESULTS_FIRST,
        "the other way round": "whether there is one does not depend on the order",
    },
    "chat": {
        "def chat(client, system, messages, user_input, *, model='claude-sonnet-4-6', "
        "max_tokens=1000):  →  def chat(client, system, messages, user_input, *, "
        "model='claude-sonnet-4-6', max_tokens=1001):": "any limit is a right default",
        "falsy for None": "the API takes an empty system prompt for none",
        "changed in place": _NO_CHANGE,
        "a part for the whole": _NO_OTHER_TEXT,
    },
    "Conversation": {
        "errors swallowed": "nothing in a fork fails",
        "another shape": _A_STR,
        "falsy replaced": "a conversation is never falsy",
        "no copy": "this solution makes a new list each time, and changes none",
        "def __init__(self, client, system=None, *, model='claude-sonnet-4-6', "
        "max_tokens=1000):  →  def __init__(self, client, system=None, *, "
        "model='claude-sonnet-4-6', max_tokens=1001):": "any limit is a right default",
    },
    "continue_reply": {
        "a part for the whole": _NO_OTHER_TEXT,
        "plea = {'role': 'user', 'content': 'Go on exactly where you stopped, and repeat "
        "nothing.'}  →  plea = {'role': 'user', 'content': 'Go on exactly where you stopped, and "
        "repeat nothing.x'}": "in which words the user asks to go on is the learner's choice",
    },
    "to_anthropic_tool": {
        "falsy replaced": "a tool is never empty",
        "nothing = {'type': 'object', 'properties': {}}  →  nothing = {'type': 'object'}": (
            "an object of which nothing is said has no properties either"
        ),
        "nothing = {'type': 'object', 'properties': {}}  →  "
        "nothing = {'type': 'object', 'propertiesx': {}}": (
            "JSON Schema ignores a keyword that it does not know"
        ),
    },
    "tool_uses": {"each sort once": _OWN_IDS},
    "tool_result": {"falsy replaced": _NEVER_FALSY},
    "run_tools": {
        "the other way round": "in which order the calls run and are answered is open",
        "each sort once": _OWN_IDS,
        "a part for the whole": _NO_OTHER_TEXT,
        "message = client.messages.create(model='claude-sonnet-4-6', max_tokens=1000, "
        "tools=tools, messages=messages)  →  message = "
        "client.messages.create(model='claude-sonnet-4-6', max_tokens=1001, tools=tools, "
        "messages=messages)": "any limit is right",
        "raise RuntimeError(f'no answer after {max_turns} requests')  →  "
        "raise RuntimeError(f'no answer after x{max_turns} requests')": _OWN_WORDS,
        "raise RuntimeError(f'no answer after {max_turns} requests')  →  "
        "raise RuntimeError(f'no answer after {max_turns} requestsx')": _OWN_WORDS,
        "raise RuntimeError(f'the reply ended with {message.stop_reason}')  →  "
        "raise RuntimeError(f'the reply ended with x{message.stop_reason}')": _OWN_WORDS,
        "told = f'{type(error).__name__}: {error}'  →  "
        "told = f'{type(error).__name__}: x{error}'": _OWN_WORDS,
    },
    "execute_all": {
        "another error": "how a failure is told is the learner's own",
        "errors swallowed": "what a call raises is answered already, and nothing else can fail",
        "each sort once": _OWN_IDS,
        "if block.name not in registry:  →  if False:": (
            "the lookup below fails too, and its words name the tool"
        ),
        "if block.name not in registry:  →  if block.name not in registry:": (
            "without the raise the lookup below fails, and its words name the tool"
        ),
        "result['content'] = f'{type(error).__name__}: {error}'  →  "
        "result['content'] = f'{type(error).__name__}: x{error}'": (
            "how a failure is told is the learner's own"
        ),
        "raise LookupError(f'there is no tool {block.name}')  →  "
        "raise LookupError(f'there is no tool x{block.name}')": (
            "the words of an exception are the learner's own"
        ),
    },
    "convert_tool_history": {
        "another kind": _TEXT_OR_LIST,
        "a part for the whole": "the docstring names all types and roles that there are",
        "each sort once": "no two calls have one id",
        "each name once": "no call has a name beside its function, and no part has one",
    },
    "to_tool_choice": {
        "falsy replaced": "a choice is never empty",
        "raise ValueError(f'no counterpart to tool_choice {openai_choice!r}')  →  "
        "raise ValueError(f'no counterpart to tool_choice x{openai_choice!r}')": (
            "the words of an exception are the learner's own"
        ),
    },
    "extract_invoice": {
        "edges trimmed": "JSON says the same without them",
        "falsy replaced": "an invoice has five fields",
        "the other way round": "the order of a schema's properties says nothing",
        "each sort once": _ALL_DIFFER,
        "each name once": _ALL_DIFFER,
        "a part for the whole": _NO_OTHER_TEXT,
        "message = client.messages.create(model='claude-sonnet-4-6', max_tokens=1000, "
        "messages=[{'role': 'user', 'content': text}], output_config={'format': {'type': "
        "'json_schema', 'schema': schema}})  →  message = "
        "client.messages.create(model='claude-sonnet-4-6', max_tokens=1001, "
        "messages=[{'role': 'user', 'content': text}], output_config={'format': {'type': "
        "'json_schema', 'schema': schema}})": "any limit is right",
        "raise ValueError(f'no invoice: the reply ended with {message.stop_reason}')  →  "
        "raise ValueError(f'no invoice: the reply ended with x{message.stop_reason}')": (
            "the words of an exception are the learner's own, but for the reason"
        ),
    },
    "run_agent": {
        "falsy replaced": _NEVER_FALSY,
        "a part for the whole": _NO_OTHER_TEXT,
        "raise RuntimeError(f'the reply ended with {reply.stop_reason}')  →  "
        "raise RuntimeError(f'the reply ended with x{reply.stop_reason}')": _OWN_WORDS,
        "@dataclass(frozen=True)  →  @dataclass()": "the class is given, and nothing changes it",
        "@dataclass(frozen=True)  →  @dataclass(frozen=False)": (
            "the class is given, and nothing changes it"
        ),
    },
    "stream_text": {"falsy replaced": _NEVER_FALSY},
    "stream_until": {"another shape": _A_STR},
    "accumulate": {
        "the first line": "the pieces of an input have no line ends",
        "each name once": _NO_EVENT_NAMES,
        "falsy replaced": "a message is never empty",
        """raise RuntimeError(f"the stream ended with {event['error']['type']}")  →  """
        """raise RuntimeError(f"the stream ended with x{event['error']['type']}")""": _OWN_WORDS,
    },
    "tool_inputs": {
        "one side only": "of the events with an index, only the stop is left",
        "the first line": "the pieces of an input have no line ends",
        "each name once": _NO_EVENT_NAMES,
        "the wrong ones left out": "of the events with an index, only the stop is left",
    },
    "first_token_latency": {
        "a part for the type": "only a text_delta has a text",
        "each sort once": "the first text stays the first",
        "each name once": _NO_EVENT_NAMES,
        "raise ValueError('no text came')  →  raise ValueError('no text camex')": _OWN_WORDS,
    },
    "trim_to_budget": {
        "another kind": _TEXT_OR_LIST,
        "falsy replaced": "no request and no type is empty, and both mean no",
        "another shape": _A_STR,
        "each sort once": "whether there is a result does not depend on how many",
        "each name once": "neither places nor messages have names",
        "changed in place: {**request}  →  (request.update({}), request)[1]": (
            "a request that fits is the same in both"
        ),
        "the first only": _RESULTS_FIRST,
        "two at most": _RESULTS_FIRST,
        "the other way round": "whether there is one does not depend on the order",
        "raise ValueError(f'the newest exchange alone is longer than {budget} tokens')  →  "
        "raise ValueError(f'the newest exchange alone is longer than x{budget} "
        "tokens')": _OWN_WORDS,
        "raise ValueError(f'the newest exchange alone is longer than {budget} tokens')  →  "
        "raise ValueError(f'the newest exchange alone is longer than {budget} "
        "tokensx')": _OWN_WORDS,
    },
    "count_request": {
        "falsy replaced": "every request has tokens",
        "the other way round": "the order of a request's keys says nothing",
        "each sort once": _ALL_DIFFER,
        "each name once": _ALL_DIFFER,
    },
    "cost": {"falsy replaced": "no call is for nothing"},
    "pick_model": {
        "falsy replaced": "no id is empty, no call is for nothing, and None will do as little",
        "falsy for None": "no date is falsy",
        "the other way round": "of two models at the same cost either is right",
        "each sort once": "each model stands in a catalog once",
        "each name once": "a card has an id, and no name",
        "another shape: return min(cards, key=call_cost).id  →  "
        "return str(min(cards, key=call_cost).id)": _A_STR,
        "another shape: return needs['input_tokens'] * price.input + needs['max_tokens'] * "
        "price.output  →  return [needs['input_tokens'] * price.input + needs['max_tokens'] * "
        "price.output]": "lists of one cost are ordered as the costs are",
        "another shape: return needs['input_tokens'] * price.input + needs['max_tokens'] * "
        "price.output  →  return (needs['input_tokens'] * price.input + needs['max_tokens'] * "
        "price.output, None)": "pairs with a cost are ordered as the costs are",
        "if not cards:  →  if False:": _MIN_RAISES,
        "if not cards:  →  if not cards:": _MIN_RAISES,
        "raise ValueError('no model of the catalog will do')  →  "
        "raise ValueError('no model of the catalog will dox')": _OWN_WORDS,
    },
    "cheapest_that_passes": {
        "dollars = Decimal(0)  →  dollars = Decimal(1)": "the same more for each changes no choice",
        "if not costs:  →  if False:": _MIN_RAISES,
        "if not costs:  →  if not costs:": _MIN_RAISES,
        "raise ValueError('no model passes every case')  →  "
        "raise ValueError('no model passes every casex')": _OWN_WORDS,
        "the other way round": "models and cases may be asked in any order",
        "each sort once": "no card and no case comes twice",
        "each name once": "cards, cases and blocks with a text have no name",
        "falsy replaced": "no id is empty",
        "another shape": _A_STR,
        "a part for the whole": _NO_OTHER_TEXT,
    },
    "build_request": {
        "return {'model': 'claude-sonnet-4-6', 'max_tokens': 1000, 'tools': sorted(tools, "
        "key=lambda tool: tool['name']), 'system': [{'type': 'text', 'text': handbook, "
        "'cache_control': control}], 'messages': [{'role': 'user', 'content': f'It is {now}. "
        "{user_input}'}]}  →  return {'model': 'claude-sonnet-4-6', 'max_tokens': 1001, "
        "'tools': sorted(tools, key=lambda tool: tool['name']), 'system': [{'type': 'text', "
        "'text': handbook, 'cache_control': control}], 'messages': [{'role': 'user', "
        "'content': f'It is {now}. {user_input}'}]}": ("any limit is right"),
        "return {'model': 'claude-sonnet-4-6', 'max_tokens': 1000, 'tools': sorted(tools, "
        "key=lambda tool: tool['name']), 'system': [{'type': 'text', 'text': handbook, "
        "'cache_control': control}], 'messages': [{'role': 'user', 'content': f'It is {now}. "
        "{user_input}'}]}  →  return {'model': 'claude-sonnet-4-6', 'max_tokens': 1000, "
        "'tools': sorted(tools, key=lambda tool: tool['name']), 'system': [{'type': 'text', "
        "'text': handbook, 'cache_control': control}], 'messages': [{'role': 'user', "
        "'content': f'It is x{now}. {user_input}'}]}": (
            "in which words the time is told is the learner's choice"
        ),
        "return {'model': 'claude-sonnet-4-6', 'max_tokens': 1000, 'tools': sorted(tools, "
        "key=lambda tool: tool['name']), 'system': [{'type': 'text', 'text': handbook, "
        "'cache_control': control}], 'messages': [{'role': 'user', 'content': f'It is {now}. "
        "{user_input}'}]}  →  return {'model': 'claude-sonnet-4-6', 'max_tokens': 1000, "
        "'tools': sorted(tools, key=lambda tool: tool['name']), 'system': [{'type': 'text', "
        "'text': handbook, 'cache_control': control}], 'messages': [{'role': 'user', "
        "'content': f'It is {now}. x{user_input}'}]}": (
            "in which words the time is told is the learner's choice"
        ),
    },
    "cache_status": {
        "falsy replaced": _NEVER_FALSY,
        "another shape": _A_STR,
    },
    "break_even_calls": {
        "falsy replaced": "nothing is cheaper from call 0 on",
        "a part for the whole": "ttl is one of two words",
        "calls = 1  →  calls = 2": ("one call writes, and is never cheaper"),
    },
    "add_cache": {
        "another kind": _TEXT_OR_LIST,
        "falsy replaced": "a request is never empty, and None will do for no",
        "falsy for None": "a cache_control of null is no breakpoint to the API",
    },
    "cached_chat": {
        "changed in place": _NO_CHANGE,
        "a part for the whole": _NO_OTHER_TEXT,
        "def cached_chat(client, system, messages, user_input, *, model='claude-sonnet-4-6', "
        "max_tokens=1000):  →  def cached_chat(client, system, messages, user_input, *, "
        "model='claude-sonnet-4-6', max_tokens=1001):": ("any limit is a right default"),
    },
    "classify_error": {
        "a part for the whole": "the API's header is true or false",
        "passes = status in (408, 409, 429) or status >= 500  →  "
        "passes = status in (409, 429) or status >= 500": _A_408,
        "passes = status in (408, 409, 429) or status >= 500  →  "
        "passes = status in (409, 409, 429) or status >= 500": _A_408,
    },
    "call_with_retries": {
        "falsy replaced": _NEVER_FALSY,
        "errors swallowed": "any other error is to fix, says classify_error, and is raised at once",
    },
    "gather_limited": {
        "errors swallowed": "what a request raises is in the list, and nothing else can fail",
        "falsy replaced": _NEVER_FALSY,
        "each name once": "a request has no name",
    },
    "SupportBot": {
        "another kind": "a question is a text, and the API refuses an empty one",
        "another error: raise RuntimeError(f'the question alone is longer than {self.budget} "
        "tokens')  →  raise Exception(f'the question alone is longer than {self.budget} "
        "tokens')": _ALWAYS_FITS,
        "another error: raise RuntimeError(f'the question alone is longer than {self.budget} "
        "tokens')  →  raise AssertionError(f'the question alone is longer than {self.budget} "
        "tokens')": _ALWAYS_FITS,
        "def _fitting(self, messages):  →  def _fitting(self, messages):": (
            "its last line is for a question that fits no budget, and one always does"
        ),
        "falsy replaced": "a reply and what is left of a conversation are never empty",
        "a part for the whole": _NO_OTHER_TEXT,
        "each name once": "messages have no names",
        "each sort once": _OWN_IDS,
        "the wrong ones left out": _TWO_ROLES,
        "the other way round": "in which order the calls run and are answered is open",
        "raise RuntimeError('no answer after 8 requests')  →  "
        "raise RuntimeError('no answer after 8 requestsx')": _OWN_WORDS,
        "request = {**self.shared, 'max_tokens': 4000, 'messages': messages}  →  "
        "request = {**self.shared, 'max_tokens': 4001, 'messages': messages}": "any limit is right",
        "raise RuntimeError(f'the question alone is longer than {self.budget} tokens')  →  "
        "raise RuntimeError(f'the question alone is longer than x{self.budget} tokens')": (
            _OWN_WORDS
        ),
        "raise RuntimeError(f'the question alone is longer than {self.budget} tokens')  →  "
        "raise RuntimeError(f'the question alone is longer than {self.budget} tokensx')": (
            _OWN_WORDS
        ),
        "raise RuntimeError(f'the reply ended with {reply.stop_reason}')  →  "
        "raise RuntimeError(f'the reply ended with x{reply.stop_reason}')": _OWN_WORDS,
        "content, fails = (f'{type(error).__name__}: {error}', True)  →  "
        "content, fails = (f'{type(error).__name__}: x{error}', True)": (
            "how a failure is told is the learner's own"
        ),
    },
}
"""By exercise, and by the change as `make mutants` prints it."""
