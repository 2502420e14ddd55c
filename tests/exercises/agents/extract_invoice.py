"""The proof of `extract_invoice`."""

from tests.exercises.agents.right_invoices import RIGHT
from tests.exercises.proof import Proof, Wrong
from tests.exercises.troubled import KINDS, caught

_INVOICE = """
NAMES = ["number", "vendor", "date", "currency", "total"]

def extract_invoice(client, text):
    schema = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in NAMES},
        "required": NAMES,
        "additionalProperties": False,
    }
    message = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=1000,
        messages=[{"role": "user", "content": text}],
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    if message.stop_reason != "end_turn":
        raise ValueError(message.stop_reason)
    words = "".join(block.text for block in message.content if block.type == "text")
    return json.loads(words)
"""
_CONFIG = 'output_config={"format": {"type": "json_schema", "schema": schema}}'
_PROPERTIES = '{name: {"type": "string"} for name in NAMES}'
_WORDS = '"".join(block.text for block in message.content if block.type == "text")'
_STOPS = """    if message.stop_reason != "end_turn":
        raise ValueError(message.stop_reason)
"""
_RETURN = "    return json.loads(words)"
_SEND = _INVOICE[_INVOICE.index("    message = ") : _INVOICE.index("    if message")].rstrip()
_OPENAI = (
    'output_config={"format": {"type": "json_schema", "json_schema": '
    '{"name": "invoice", "schema": schema}}}'
)
_CLOSED = '{name: {"type": "string"} for name in NAMES} | {"currency": '
_TWICE = """
    first = extract(client, text)
    return extract(client, text)
"""
_RETRIED = """
def extract_invoice(client, text):
    for _ in range(3):
        try:
            return attempt(client, text)
        except ValueError as error:
            last = error
    raise last
"""

_FORCED = """
def extract_invoice(client, text):
    names = ["number", "vendor", "date", "currency", "total"]
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=1000, messages=[{"role": "user", "content": text}],
        tools=[{"name": "save_invoice", "input_schema": {**schema, "required": names}}],
        tool_choice={"type": "tool", "name": "save_invoice"},
    )
    return next(block.input for block in message.content if block.type == "tool_use")
"""

_PARSED = """
from pydantic import BaseModel

class Invoice(BaseModel):
    number: str
    vendor: str
    date: str
    currency: str
    total: str

def extract_invoice(client, text):
    message = client.messages.parse(
        model="claude-sonnet-4-6", max_tokens=1000, messages=[{"role": "user", "content": text}],
        output_format=Invoice,
    )
    if message.stop_reason != "end_turn":
        raise ValueError(message.stop_reason)
    return message.parsed_output.model_dump()
"""

_NULLABLE = """
def read(message):
    text = ""
    for block in message.content:
        if block.type == "text":
            text += block.text
    return json.loads(text)

def extract_invoice(client, text):
    fields = {}
    for name in ("number", "vendor", "date", "currency", "total"):
        fields[name] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    schema["additionalProperties"] = False
    message = client.messages.create(
        model="claude-haiku-4-5", max_tokens=500, messages=[{"role": "user", "content": text}],
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    if message.stop_reason == "end_turn":
        return read(message)
    raise ValueError("no invoice because of " + message.stop_reason)
"""

_WRONG = (
    # What comes back is what the reply says, and JSON is read as JSON.
    *(
        Wrong("other-invoice", _INVOICE.replace(_RETURN, f"    return json.loads({words})"), 6)
        for words in ("words.replace('```json', '').replace('```', '')", "words.replace('*', '')")
    ),
    Wrong(
        "other-invoice",
        "from ast import literal_eval\n" + _INVOICE.replace("json.loads", "literal_eval"),
        6,
    ),
    *(
        Wrong(
            "other-invoice",
            _INVOICE.replace(
                _RETURN,
                f"    found = json.loads(words)\n    found['{name}'] = found['{name}']{how}\n"
                "    return found",
            ),
            6,
        )
        for name, how in (
            ("date", ".replace('/', '-').replace('.', '-')"),
            ("date", ".replace('/', '-')"),
            ("total", '.replace("\'", "")'),
            ("number", ".split('.')[0]"),
        )
    ),
    *(
        Wrong("error-hidden", caught(_INVOICE, _SEND, kind, hidden), 6)
        for kind in KINDS
        for hidden in ("return {}", "return None")[: 1 + (kind == "RateLimitError")]
    ),
    *(
        Wrong(
            "other-form",
            _INVOICE.replace(
                _PROPERTIES,
                f'{_PROPERTIES} | {{"{name}": {{"type": "string", "description": "{how}"}}}}',
            ),
            6,
        )
        for name, how in (
            ("date", "as DD.MM.YYYY"),
            ("date", "MM/DD/YYYY"),
            ("date", "like 03.03.2026"),
            ("total", "such as 1.234,50"),
            ("total", "e.g. 1,234.50"),
            ("total", "like 1234,50"),
        )
    ),
    *(
        Wrong("stop-by-list", _INVOICE.replace('!= "end_turn"', listed), 5)
        for listed in (
            'in ("max_tokens", "refusal", "model_context_window_exceeded")',
            'not in ("end_turn", "pause_turn", "stop_sequence")',
        )
    ),
    Wrong(
        "response-format",
        _INVOICE.replace(
            "output_config=", "extra_body={'response_format': {'type': 'json_object'}})  # "
        ).replace("\n    )\n    if message.stop", "\n    if message.stop"),
        1,
        "Crashed",
    ),
    Wrong(
        "openai-format",
        _INVOICE.replace('"schema": schema', '"name": "invoice", "strict": True, "schema": schema'),
        1,
        "Crashed",
    ),
    *(
        Wrong("values-excluded", _INVOICE.replace(_PROPERTIES, f"{_CLOSED}{allowed}}}"), 6, saw=saw)
        for allowed, saw in (
            ('{"type": "string", "enum": ["EUR"]}', "currency"),
            ('{"type": "string", "const": "EUR"}', "currency"),
            ('{"type": "string", "enum": ["EUR", "USD", "GBP", "CHF"]}', "JPY"),
            ('{"enum": "EUR USD GBP CHF JPY CAD AUD SEK NOK DKK PLN".split()}', "ISK"),
            ('{"enum": "EUR USD GBP CHF JPY CAD AUD PLN CNY ISK INR BRL".split()}', "KWD"),
            ('{"type": "string", "pattern": "^(EUR|USD|GBP|CHF|JPY)$"}', "PLN"),
            ('{"anyOf": [{"const": "EUR"}, {"enum": ["USD", "GBP"]}]}', "JPY"),
        )
    ),
    Wrong("nullable", _NULLABLE, 6, saw="number: None"),
    Wrong("nullable", _INVOICE.replace('{"type": "string"}', '{"type": ["string", "null"]}'), 6),
    Wrong(
        "one-piece",
        _INVOICE.replace(
            _WORDS, '"".join({b.text: 0 for b in message.content if b.type == "text"})'
        ),
        6,
        "Crashed",
    ),
    Wrong("too-little-room", _INVOICE.replace("max_tokens=1000", "max_tokens=10"), 6),
    Wrong(
        "no-such-block",
        _INVOICE.replace("words = ", "words = _fenced(").replace('"text")', '"text"))')
        + "\ndef _fenced(text):\n    return text.split('```json')[1].split('```')[0]\n",
        3,
        "Crashed",
    ),
    Wrong(
        "answer-begun",
        _INVOICE.replace(
            '"content": text}]', '"content": text}, {"role": "assistant", "content": "{"}]'
        ),
        1,
        "Crashed",
    ),
    Wrong(
        "other-invoice",
        _INVOICE.replace(
            _RETURN,
            "    fields = json.loads(words)\n"
            '    return fields | {"total": str(float(fields["total"]))}',
        ),
        6,
        saw="total: ",
    ),
    Wrong(
        "other-invoice",
        _INVOICE.replace(
            _RETURN,
            "    found = json.loads(words)\n    return {k: v.strip('0') for k, v in found.items()}",
        ),
        6,
    ),
    Wrong(
        "other-invoice",
        _INVOICE.replace(_RETURN, "    return json.loads(words.encode('ascii', 'ignore'))"),
        3,
    ),
    # How the pieces of a text come together.
    Wrong("joined-otherwise", _INVOICE.replace('"".join', '" ".join'), 6, saw=" → "),
    Wrong("joined-otherwise", _INVOICE.replace('"".join', '"\\n".join'), 6, "Crashed"),
    Wrong("spaces-lost", _INVOICE.replace("block.text for", "block.text.strip() for"), 6),
    Wrong(
        "spaces-lost",
        _INVOICE.replace('== "text")', '== "text" and block.text.strip())'),
        6,
        saw="Müller",
    ),
    # A text that is taken apart by its look.
    *(
        Wrong(
            "not-whole-text",
            "import re\n" + _INVOICE.replace("loads(words)", f"loads({found})"),
            6,
            "Crashed",
        )
        for found in (
            "re.search(r'{.*?}', words, re.DOTALL).group()",
            "words[: words.index('}') + 1]",
            "words[words.rindex('{') :]",
        )
    ),
    *(
        Wrong(
            "values-excluded",
            _INVOICE.replace(
                _PROPERTIES, _PROPERTIES + f' | {{"total": {{"type": "string", {narrow}}}}}'
            ),
            6,
            saw="total: ",
        )
        for narrow in (
            r"""'pattern': r'^\d+\.\d{2}$'""",
            r"""'pattern': r'^\d{1,6}(\.\d\d)?$'""",
        )
    ),
    *(
        Wrong(
            "stop-sequences",
            _INVOICE.replace("max_tokens=1000", f"max_tokens=1000, stop_sequences={stops}"),
            6,
        )
        for stops in ('["}"]', '["```", "total"]')
    ),
    Wrong(
        "stop-by-list", _INVOICE.replace('!= "end_turn"', 'not in ("end_turn", "compaction")'), 5
    ),
    *(
        Wrong(
            "invoice-cut-off", _INVOICE.replace('"content": text', f'"content": {cut}'), 6, saw=saw
        )
        for cut, saw in (
            ("text[:1000]", "1000 of"),
            ("'Read this: ' + text[:2000] + '…'", "2000 of"),
            ("text.splitlines()[0]", "characters"),
        )
    ),
    *(
        Wrong("invoice-reflowed", _INVOICE.replace('"content": text', f'"content": {flat}'), 6)
        for flat in ('" ".join(text.split())', 'text.replace("\\n", " ")')
    ),
    Wrong(
        "crash",
        _INVOICE.replace('"content": text', '"content": text % ()'),
        5,
        "Crashed",
    ),
    Wrong("stop-by-list", _INVOICE.replace('!= "end_turn"', 'in ("max_tokens", "refusal")'), 5),
    Wrong(
        "stop-by-list",
        _INVOICE.replace('!= "end_turn"', 'not in ("end_turn", "stop_sequence")'),
        5,
    ),
    Wrong(
        "no-choices",
        _INVOICE.replace(_WORDS, "message.choices[0].message.content"),
        3,
        "Crashed",
    ),
    # The SDK's own way asks as it should, and cannot read a reply in pieces or see why it ended.
    Wrong("piece-validated", _PARSED, 4, "Crashed", saw="Invalid JSON"),
    Wrong("no-max-tokens", _INVOICE.replace("        max_tokens=1000,\n", ""), 0, "Crashed"),
    Wrong("response-format", _INVOICE.replace("output_config=", "response_format="), 0, "Crashed"),
    Wrong("openai-format", _INVOICE.replace(_CONFIG, _OPENAI), 1, "Crashed"),
    Wrong(
        "openai-format",
        _INVOICE.replace(_CONFIG, 'output_config={"format": {"type": "json_object"}}'),
        1,
        "Crashed",
    ),
    Wrong(
        "schema-open",
        _INVOICE.replace('        "additionalProperties": False,\n', ""),
        1,
        "Crashed",
    ),
    Wrong(
        "schema-open",
        _INVOICE.replace('"additionalProperties": False', '"additionalProperties": True'),
        1,
        "Crashed",
    ),
    Wrong("not-a-schema", _INVOICE.replace('{"type": "string"}', '{"type": "str"}'), 1, "Crashed"),
    Wrong("not-a-schema", _INVOICE.replace('{"type": "string"}', '"string"'), 1, "Crashed"),
    Wrong("unknown-model", _INVOICE.replace("claude-sonnet-4-6", "gpt-4o"), 1, "Crashed"),
    Wrong("refused", _INVOICE.replace("messages=[", "system=[{}], messages=["), 1, "Crashed"),
    Wrong("no-such-block", _FORCED, 1, "Crashed"),
    Wrong("no-request", "def extract_invoice(client, text):\n    return {'number': text}"),
    Wrong(
        "invoice-not-sent",
        _INVOICE.replace('"content": text', '"content": "the invoice"'),
        6,
    ),
    Wrong(
        "invoice-in-system",
        _INVOICE.replace(
            'messages=[{"role": "user", "content": text}]',
            'system=text, messages=[{"role": "user", "content": "Extract the fields."}]',
        ),
        6,
    ),
    Wrong("no-format", _INVOICE.replace(f"        {_CONFIG},\n", ""), 5),
    Wrong("no-format", _INVOICE.replace(_CONFIG, 'output_config={"effort": "low"}'), 5),
    Wrong("not-an-object", _INVOICE.replace('        "type": "object",\n', ""), 6),
    Wrong(
        "other-fields",
        _INVOICE.replace(_PROPERTIES, '{"invoice": {"type": "string"}}'),
        6,
    ),
    Wrong("other-fields", _INVOICE.replace(_PROPERTIES, "{}"), 6),
    Wrong("other-fields", _INVOICE.replace('"total"]', '"total", "tax"]'), 6),
    Wrong("required-incomplete", _INVOICE.replace('        "required": NAMES,\n', ""), 6),
    Wrong("required-incomplete", _INVOICE.replace("NAMES,\n", "NAMES[:4],\n"), 6),
    Wrong(
        "total-number",
        _INVOICE.replace(
            _PROPERTIES, _PROPERTIES[:-1] + ' if name != "total"} | {"total": {"type": "number"}}'
        ),
        6,
    ),
    Wrong("untyped", _INVOICE.replace('{"type": "string"}', '{"description": "text"}'), 6),
    Wrong(
        "untyped",
        _INVOICE.replace(
            '{"type": "string"}', '{"type": ["string", "object"], "additionalProperties": False}'
        ),
        6,
    ),
    Wrong(
        "asked-twice",
        _INVOICE.replace("extract_invoice(", "extract(")
        + "\ndef extract_invoice(client, text):"
        + _TWICE,
        6,
    ),
    Wrong("asked-twice", _INVOICE.replace("extract_invoice(", "attempt(") + _RETRIED, 6),
    Wrong(
        "printed",
        _INVOICE.replace("return json", "print(json").replace("(words)", "(words))"),
        3,
    ),
    Wrong("not-parsed", _INVOICE.replace(_RETURN, "    return words"), 3),
    Wrong(
        "not-parsed",
        _INVOICE.replace(_RETURN, "    return json.dumps(json.loads(words))"),
        3,
    ),
    Wrong("returned-message", _INVOICE.replace(_RETURN, "    return message"), 3),
    Wrong("returned-message", _INVOICE.replace(_RETURN, "    return message.content"), 3),
    Wrong(
        "other-invoice",
        _INVOICE.replace(_RETURN, '    return {"invoice": json.loads(words)}'),
        3,
    ),
    Wrong(
        "other-invoice",
        _INVOICE.replace(_RETURN, '    return json.loads(words) | {"total": 12.5}'),
        3,
    ),
    Wrong("other-invoice", _INVOICE.replace(_RETURN, "    return message.to_dict()"), 3),
    Wrong("first-block", _INVOICE.replace(_WORDS, "message.content[0].text"), 6, "Crashed"),
    Wrong("one-piece", _INVOICE.replace(_WORDS, "message.content[-1].text"), 6, "Crashed"),
    Wrong(
        "one-piece",
        _INVOICE.replace(_WORDS, 'next(b.text for b in message.content if b.type == "text")'),
        6,
        "Crashed",
    ),
    Wrong("parsed-first", _INVOICE.replace(_STOPS, ""), 5),
    Wrong(
        "stop-trusted",
        _INVOICE.replace(_STOPS, "").replace(
            _RETURN,
            "    try:\n        return json.loads(words)\n    except ValueError:\n"
            "        raise ValueError(message.stop_reason)",
        ),
        5,
    ),
    Wrong("stop-by-list", _INVOICE.replace('!= "end_turn"', '== "refusal"'), 5),
    Wrong("stop-by-list", _INVOICE.replace('!= "end_turn"', '== "max_tokens"'), 5),
    Wrong(
        "stop-trusted",
        _INVOICE.replace("raise ValueError(message.stop_reason)", "return None"),
        5,
    ),
    Wrong("stop-other-error", _INVOICE.replace("raise ValueError", "raise RuntimeError"), 5),
    Wrong(
        "stop-other-error",
        _INVOICE.replace(_STOPS, '    assert message.stop_reason == "end_turn"\n'),
        5,
    ),
    Wrong("stop-unnamed", _INVOICE.replace("(message.stop_reason)", '("no invoice")'), 5),
    # What comes back unchanged; each of these has had full marks.
    *(
        Wrong(
            "other-invoice",
            _INVOICE.replace(_RETURN, f"    found = json.loads(words)\n    {last}"),
            6,
        )
        for last in (
            "return {key: value.strip() for key, value in found.items()}",
            "return {**found, 'currency': found['currency'].upper()}",
            "return {**found, 'total': found['total'].replace(',', '')}",
            "return {key: value for key, value in found.items() if value}",
            "return {key: value or None for key, value in found.items()}",
        )
    ),
    Wrong("crash", "def extract_invoice(client, text):\n    return 1 / 0", 0, "Crashed"),
)

PROOF = Proof("extract_invoice", wrong=_WRONG, right=RIGHT)
