"""The proof of `first_call`."""

from tests.exercises.proof import Proof, Wrong

_ASK = """
def first_call(client, prompt):
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=300,
        messages=[{"role": "user", "content": prompt}],
    )
"""
_JOIN = """    return "".join(b.text for b in message.content if b.type == "text")
"""
_READ = "    return message.content[0].text"
_IS_TEXT = "b.type == 'text'"
_SAFE = (
    _ASK.replace("def first_call", "def ask")
    + _JOIN
    + "\n\ndef first_call(client, prompt):\n    try:\n        return ask(client, prompt)\n"
    "    except Exception as error:\n        {}"
).replace('{"role": "user", "content": prompt}', "dict(role='user', content=prompt)")
_TURN = '[{"role": "user", "content": prompt}]'
_STREAM = """
def first_call(client, prompt):
    messages = [{"role": "user", "content": prompt}]
    with client.messages.stream(model="claude-opus-5", max_tokens=900, messages=messages) as s:
"""
_ALL_WORDS = """    said = message.content
    words = [getattr(b, "text", "") or getattr(b, "thinking", "") for b in said]
    return "".join(words)
"""
_ENDS = ("max_tokens", "stop_sequence", "refusal", "model_context_window_exceeded")
_AGAIN = (
    _ASK.replace("{", "{{").replace("}", "}}")
    + """    go_on = [*{turn}, dict(role="assistant", content=message.content), {turn}[0]]
{{unless}}message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=900, messages=go_on)
""".replace("{turn}", _TURN.replace("{", "{{").replace("}", "}}")).replace("{{unless}}", "{unless}")
)


def _unless(reason: str) -> str:
    """Return the beginning of a line that runs only after one stop reason."""
    return f"    if message.stop_reason == {reason!r}: "


_WRONG = (
    Wrong(
        "error-retried",
        (_ASK.replace("first_call", "ask") + _JOIN)
        + """
def first_call(client, prompt):
    for attempt in range(3):
        try:
            return ask(client, prompt)
        except Exception:
            if attempt == 2:
                raise
""",
        3,
    ),
    Wrong(
        "error-retried",
        _ASK.replace("client.messages", "client.with_options(max_retries=4).messages") + _JOIN,
        3,
    ),
    Wrong("other-text", _ASK + _JOIN.replace('"text")', '"text").splitlines()[0]'), 3),
    Wrong("no-max-tokens", _ASK.replace(" max_tokens=300,", ""), 0, "Crashed"),
    Wrong("no-max-tokens", _ASK.replace('model="claude-sonnet-4-6",', ""), 0, "Crashed"),
    Wrong(
        "no-max-tokens",
        _STREAM.replace(" max_tokens=900,", "") + "        return s.get_final_text()",
        0,
        "Crashed",
    ),
    Wrong(
        "openai-call",
        _ASK.replace("messages.create", "chat.completions.create") + _JOIN,
        0,
        "Crashed",
    ),
    Wrong("openai-call", "def first_call(client, prompt):\n    client.responses", 0, "Crashed"),
    Wrong("unknown-model", _ASK.replace("claude-sonnet-4-6", "gpt-4o") + _JOIN, 2, "Crashed"),
    Wrong("no-choices", _ASK + "    return message.choices[0].message.content", 2, "Crashed"),
    Wrong("no-request", "def first_call(client, prompt):\n    return 'Paris.'"),
    Wrong("no-request", "def first_call(client, prompt):\n    yield client.messages.create()"),
    Wrong(
        "no-request",
        "from grader.classroom import connect\n"
        + _ASK.replace("client.messages", "connect().messages")
        + _JOIN,
    ),
    Wrong(
        "many-requests",
        _ASK + _ASK.split("\n", 2)[2] + _JOIN,
        3,
    ),
    Wrong(
        "many-requests",
        "def first_call(client, prompt):\n"
        "    def ask():\n"
        "        return client.messages.create(model='claude-sonnet-4-6', max_tokens=300,\n"
        "            messages=[{'role': 'user', 'content': prompt}]).content\n"
        "    return ''.join(ask()[i].text for i in range(len(ask())) if ask()[i].type == 'text')",
        3,
    ),
    Wrong(
        "other-prompt",
        _ASK.replace('"content": prompt', '"content": "What is the capital of France?"') + _JOIN,
        3,
    ),
    Wrong("other-prompt", _ASK.replace(": prompt}", ": prompt.upper()}") + _JOIN, 3),
    Wrong("printed", _ASK + "    print(message.content[-1].text)", 2),
    Wrong("printed", _ASK + "    print(message)", 2),
    Wrong("returned-block", _ASK + "    return message.content[0]", 2),
    Wrong("returned-block", _ASK + "    return message", 2),
    Wrong("returned-block", _ASK + "    return message.content", 2),
    Wrong("returned-block", _ASK + "    return message.to_dict()", 2),
    Wrong("other-text", _ASK + "    return message.content[0].text.upper()", 2),
    Wrong("other-text", _ASK + "    return str(message.content[0])", 2),
    Wrong("other-text", _ASK + "    return [b.text for b in message.content]", 2),
    Wrong("other-text", _ASK + "    return ''", 2),
    Wrong("other-text", _ASK, 2),
    Wrong(
        "other-text",
        "import json\n" + _ASK + "    texts = [b.text for b in message.content if b.type == 'text']"
        "\n    return texts[0] if len(message.content) == 1 else json.dumps(texts)",
        3,
    ),
    Wrong("first-block", _ASK + "    return message.content[0].text", 3, "Crashed"),
    Wrong(
        "first-block", _ASK + "    return ''.join(b.text for b in message.content)", 3, "Crashed"
    ),
    Wrong("text-behind", _ASK + "    return getattr(message.content[0], 'text', '')", 3),
    Wrong(
        "text-behind",
        _ASK + "    if message.content[0].type == 'text':\n        return message.content[0].text",
        3,
    ),
    # Right once, wrong after: the answer of the first check is given again.
    Wrong(
        "no-request",
        _ASK.replace("def first_call(", "def ask(")
        + _JOIN
        + "\n\nanswers = []\n\ndef first_call(client, prompt):\n"
        "    answers.append(answers[0] if answers else ask(client, prompt))\n"
        "    return answers[0]",
        0,
    ),
    Wrong("unexpected-async", "async def first_call(client, prompt):\n    ...", 0, "Crashed"),
    Wrong("crash", "def first_call(client, prompt):\n    return 1 / 0", 0, "Crashed"),
    Wrong("crash", "def first_call(prompt):\n    return prompt", 0, "Crashed"),
    Wrong("own-raise", "def first_call(client, prompt):\n    raise SystemExit(3)", 0, "Crashed"),
    Wrong("list-as-block", _ASK + "    return message.content.text", 2, "Crashed"),
    Wrong("list-as-block", _ASK + "    return message.content['text']", 2, "Crashed"),
    Wrong("message-as-dict", _ASK + "    return message['content'][0]['text']", 2, "Crashed"),
    Wrong("message-as-dict", _ASK + "    return message.content[0]['text']", 2, "Crashed"),
    Wrong("message-as-dict", _ASK + "    return message.get('content')", 2, "Crashed"),
    Wrong("message-attribute", _ASK + "    return message.text", 2, "Crashed"),
    Wrong("message-attribute", _ASK + "    return message.message.content", 2, "Crashed"),
    Wrong("no-choices", _ASK + "    return message.output_text", 2, "Crashed"),
    Wrong("text-attribute", _ASK + "    return message.content[0].content", 2, "Crashed"),
    *(
        Wrong("unknown-argument", _ASK.replace("300,", f"300, {more},") + _JOIN, 0, "Crashed")
        for more in ("temperature=0", "n=1", "max_completion_tokens=300", "prompt=prompt")
    ),
    Wrong("no-max-tokens", _ASK.replace(" max_t", " max_completion_t") + _JOIN, 0, "Crashed"),
    *(
        Wrong("messages-not-turns", _ASK.replace(_TURN, turn) + _JOIN, 1, "Crashed")
        for turn in ("prompt", "[prompt]", _TURN[1:-1], '[("user", prompt)]')
    ),
    Wrong(
        "system-in-messages",
        _ASK.replace(_TURN, '[{"role": "system", "content": "Be brief."}, ' + _TURN[1:]) + _JOIN,
        2,
        "Crashed",
    ),
    Wrong("system-in-messages", _ASK.replace('"user"', '"system"') + _JOIN, 1, "Crashed"),
    *(
        Wrong("content-otherwise", _ASK.replace(_TURN[1:-1], turn) + _JOIN, 1, "Crashed")
        for turn in (
            '{"role": "human", "content": prompt}',
            '{"content": prompt}',
            '{"role": "user", "text": prompt}',
            '{"role": "user", "content": {"type": "text", "text": prompt}}',
            '{"role": "user", "content": [prompt]}',
        )
    ),
    Wrong("refused", _ASK.replace("300", "300.0") + _JOIN, 2, "Crashed"),
    *(
        Wrong("other-call", _ASK.replace("client.messages.create", call) + _JOIN, 0, "Crashed")
        for call in (
            "client.completions.create",
            "client.message.create",
            "client.create",
            "client.messages",
        )
    ),
    Wrong(
        "by-position",
        "def first_call(client, prompt):\n    return client.messages.create(prompt)",
        0,
        "Crashed",
    ),
    Wrong(
        "own-client",
        # A port at which nobody listens, so that no network is needed.
        "import anthropic\n"
        + _ASK.replace(
            "    message = ",
            "    client = anthropic.Anthropic(\n"
            "        api_key='sk-ant-1', base_url='http://127.0.0.1:9', max_retries=0)\n"
            "    message = ",
        )
        + _JOIN,
        0,
        "Crashed",
    ),
    Wrong(
        "own-client",
        _ASK.replace(
            "    message = ",
            "    import openai\n    client = openai.OpenAI(api_key='sk-1')\n    message = ",
        )
        + _JOIN,
        0,
        "Crashed",
    ),
    Wrong("stream-as-message", _ASK.replace("300", "300, stream=True") + _READ, 2, "Crashed"),
    Wrong("stream-as-message", _ASK.replace(".create", ".stream") + _READ, 0, "Crashed"),
    Wrong("limit-too-low", _ASK.replace("300", "1") + _JOIN, 3),
    Wrong("limit-too-low", _ASK.replace("300", "0") + _JOIN, 3),
    Wrong("trimmed-prompt", _ASK.replace(": prompt}", ": prompt.strip()}") + _JOIN, 3),
    Wrong("other-prompt", _ASK.replace(": prompt}", ": f'{prompt}\\n'}") + _JOIN, 3),
    Wrong("first-block", _ASK + "    return message.content[-1].text", 3, "Crashed"),
    Wrong(
        "own-raise",
        _ASK
        + "    if message.content[0].type != 'text':\n        raise ValueError('no text')\n"
        + _JOIN,
        3,
        "Crashed",
    ),
    *(
        Wrong(
            "only-some-text",
            f"{_ASK}    texts = [b.text for b in message.content if {_IS_TEXT}]\n    return {some}",
            3,
        )
        for some in ("texts[0]", "next(iter(texts), '')", "''.join(dict.fromkeys(texts))")
    ),
    Wrong("joined-otherwise", _ASK + _JOIN.replace('"".', '"\\n".'), 3),
    Wrong("joined-otherwise", _ASK + _JOIN.replace('"".', '" ".'), 3),
    Wrong("edges-lost", _ASK + _JOIN.rstrip() + ".strip()", 3),
    Wrong("blank-dropped", _ASK + _JOIN.replace('"text")', '"text" and b.text.strip())'), 3),
    Wrong("blank-dropped", _ASK + _JOIN.replace('"text")', '"text" and b.text != "\\n\\n")'), 3),
    Wrong("blank-dropped", _ASK + _JOIN.replace('"text")', '"text" and b.text != " ")'), 3),
    Wrong("thinking-in-text", _ASK + _ALL_WORDS, 3),
    # The SDK raises here if the reply has no text.
    Wrong("empty-crash", _STREAM + "        return s.get_final_text()", 3, "Crashed"),
    Wrong(
        "empty-crash",
        _ASK + f"    if not any({_IS_TEXT} for b in message.content):\n"
        "        raise ValueError('Claude said nothing')\n" + _JOIN,
        3,
        "Crashed",
    ),
    *(
        Wrong("empty-otherwise", f"{_ASK}{_JOIN.rstrip()} or {instead}", 3)
        for instead in ("None", "'(no answer)'")
    ),
    Wrong(
        "thinking-in-text",
        f"{_ASK}{_JOIN.rstrip()} or ''.join(getattr(b, 'thinking', '') for b in message.content)",
        3,
    ),
    Wrong(
        "beside-in-text",
        f"{_ASK}{_JOIN.rstrip()} + ''.join(r.title for b in message.content if "
        "b.type == 'web_search_tool_result' for r in b.content)",
        3,
    ),
    Wrong(
        "prefill",
        _ASK.replace("claude-sonnet-4-6", "claude-sonnet-5-5").replace(
            _TURN, _TURN[:-1] + ', {"role": "assistant", "content": "Sure:"}]'
        )
        + _JOIN,
        2,
        "Crashed",
    ),
    *(
        Wrong("ending-raised", _ASK + _unless(reason) + "raise ValueError\n" + _JOIN, 3, "Crashed")
        for reason in _ENDS
    ),
    *(
        Wrong("ending-dropped", _ASK + _unless(reason) + "return ''\n" + _JOIN, 3)
        for reason in _ENDS
    ),
    *(
        Wrong(
            "words-added",
            f"{_ASK}    text = {_JOIN.strip()[7:]}\n{_unless(reason)}text += '…'\n    return text",
            3,
        )
        for reason in _ENDS
    ),
    *(Wrong("asked-on", _AGAIN.format(unless=_unless(reason)) + _JOIN, 3) for reason in _ENDS),
    Wrong("cut-prompt", _ASK.replace(": prompt}", ": prompt[:1000]}") + _JOIN, 3),
    Wrong("other-prompt", _ASK.replace(": prompt}", ": f'Question: {prompt}'}") + _JOIN, 3),
    Wrong("error-hidden", _SAFE.format("return f'Error: {error}'"), 3),
    Wrong("error-hidden", _SAFE.format("return ''"), 3),
    Wrong("error-wrapped", _SAFE.format("raise RuntimeError(str(error)) from error"), 3),
    Wrong(
        "endless",
        "def first_call(client, prompt):\n"
        "    while True:\n"
        "        try:\n"
        "            client.messages.create(model='x', max_tokens=1, messages=[])\n"
        "        except Exception:\n"
        "            pass",
        0,
        "Crashed",
    ),
    Wrong("not-callable", "first_call = 'Paris.'", 0, "Not started"),
    Wrong("not-started", _ASK + "    raise NotImplementedError", 0, "Not started"),
    Wrong(
        "unfinished-part",
        "def helper():\n    raise NotImplementedError\n\n"
        "def first_call(client, prompt):\n    return helper()",
        0,
        "Crashed",
    ),
)

_RIGHT = {
    "helper, loop, prints and warnings": """
import warnings

def words(message):
    text = ""
    for block in message.content:
        if block.type == "text":
            text += block.text
    return text

def first_call(client, prompt):
    warnings.warn("on stderr")
    print("asking", prompt)
    messages = [{"role": "user", "content": [{"type": "text", "text": prompt}]}]
    options = {"model": "claude-haiku-4-5", "max_tokens": 20}
    return words(client.messages.create(messages=messages, **options))
""",
    "a stream's text": _STREAM + '        return "".join(s.text_stream)',
    "a stream's final message": _STREAM
    + "        message = s.get_final_message()\n"
    + '    return "".join(b.text for b in message.content if b.type == "text")',
    "raw events": """
def first_call(client, prompt):
    pieces = []
    for event in client.messages.create(
        model="claude-sonnet-4-6", max_tokens=300, stream=True,
        messages=[{"role": "user", "content": prompt}],
    ):
        if event.type == "content_block_delta" and event.delta.type == "text_delta":
            pieces.append(event.delta.text)
    return "".join(pieces)
""",
    "raw response and isinstance": """
from anthropic.types import TextBlock

def first_call(client, prompt):
    raw = client.messages.with_raw_response.create(
        model="claude-sonnet-5-5", max_tokens=900, system="Be brief.",
        messages=[{"role": "user", "content": prompt}],
    )
    return "".join(b.text for b in raw.parse().content if isinstance(b, TextBlock))
""",
    "streaming response": """
def first_call(client, prompt):
    request = dict(model="claude-sonnet-4-6", max_tokens=300, system=[])
    request["messages"] = [dict(role="user", content=prompt)]
    with client.messages.with_streaming_response.create(**request) as response:
        data = response.json()
    return "".join(b["text"] for b in data["content"] if b["type"] == "text")
""",
    "counting first, and other options": """
import logging

def first_call(client, prompt, *, model="claude-opus-4-8"):
    messages = [{"role": "user", "content": prompt}]
    logging.warning("%s", client.messages.count_tokens(model=model, messages=messages))
    asking = client.with_options(timeout=9, max_retries=1)
    reply = asking.messages.create(
        model=model, max_tokens=16000, messages=messages, metadata={"user_id": "u_1"},
        stop_sequences=["END"], thinking={"type": "adaptive"}, extra_headers={"x-mine": "1"},
    )
    return "".join(filter(None, (getattr(block, "text", None) for block in reply.content)))
""",
    "earlier turns, and the beta client": """
def first_call(client, prompt):
    messages = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": prompt},
    ]
    reply = client.beta.messages.create(model="claude-haiku-4-5", max_tokens=640, messages=messages)
    return "".join(block.text for block in reply.content if block.type == "text")
""",
    "a bound method that returns its own kind of str": """
class Words(str):
    def __str__(self):
        return "something else"

class Asker:
    model = "claude-sonnet-4-6"

    def ask(self, client, prompt):
        try:
            reply = client.messages.create(
                model=self.model, max_tokens=300, messages=[{"role": "user", "content": prompt}]
            )
        finally:
            print("asked")
        return Words("".join(b["text"] for b in reply.to_dict()["content"] if "text" in b))

first_call = Asker().ask
""",
}

PROOF = Proof("first_call", wrong=_WRONG, right=_RIGHT)
