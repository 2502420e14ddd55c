"""Right answers to `extract_invoice`, which differ in kind."""

RIGHT = {
    "a pydantic model": """
from typing import Annotated
from pydantic import BaseModel, ConfigDict, Field

class Invoice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: str
    vendor: str
    date: str
    currency: Annotated[str, Field(description="ISO 4217, such as EUR")]
    total: str

def extract_invoice(client, text):
    message = client.messages.create(
        model="claude-opus-4-8", max_tokens=2000,
        messages=[{"role": "user", "content": [{"type": "text", "text": text}]}],
        output_config={"format": {"type": "json_schema", "schema": Invoice.model_json_schema()}},
    )
    if (reason := message.stop_reason) != "end_turn":
        raise ValueError(f"stopped: {reason}")
    words = [block.text for block in message.content if block.type == "text"]
    return Invoice.model_validate_json("".join(words)).model_dump()
""",
    "a stream, an instruction, and an error of its own": """
class NoInvoice(ValueError):
    pass

TEXT = {"type": "string", "description": "as it is written"}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["total", "currency", "date", "vendor", "number"],
    "properties": {"number": TEXT, "vendor": TEXT, "date": {"type": "string", "format": "date"},
                   "currency": {"anyOf": [{"enum": ["EUR", "USD"]}, {"type": "string"}]},
                   "total": TEXT},
}

def extract_invoice(client, text):
    request = dict(
        model="claude-sonnet-5-5", max_tokens=4000, system="You read invoices.",
        messages=[{"role": "user", "content": f"Read this invoice:\\n<invoice>{text}</invoice>"}],
        output_config=dict(format=dict(type="json_schema", schema=SCHEMA), effort="low"),
    )
    with client.messages.stream(**request) as stream:
        message = stream.get_final_message()
    match message.stop_reason:
        case "end_turn":
            pieces = [b["text"] for b in message.to_dict()["content"] if b["type"] == "text"]
            return json.loads("".join(pieces))
        case reason:
            print("no invoice", reason)
            raise NoInvoice(f"the reply ended with {reason!r}", reason)
""",
    "references, as pydantic writes them": """
from pydantic import BaseModel, ConfigDict, RootModel

class Currency(RootModel[str]):
    pass

class Invoice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: str
    vendor: str
    date: str
    currency: Currency
    total: str

def extract_invoice(client, text):
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=300,
        messages=[{"role": "user", "content": text}],
        output_config={"format": {"type": "json_schema", "schema": Invoice.model_json_schema()}},
    )
    if message.stop_reason != "end_turn":
        raise ValueError(f"no invoice: {message.stop_reason}")
    said = "".join(block.text for block in message.content if block.type == "text")
    return Invoice.model_validate_json(said).model_dump(mode="json")
""",
    "definitions, and a default where null came": """
WORD = {"$ref": "#/$defs/word"}
FIELDS = ("number", "vendor", "date", "currency", "total")
SCHEMA = {
    "$defs": {"word": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
    "type": "object", "properties": dict.fromkeys(FIELDS, WORD),
    "required": list(FIELDS), "additionalProperties": False,
}

def extract_invoice(client, text):
    reply = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=1000,
        messages=[{"role": "user", "content": "Read this invoice. " + text}],
        output_config={"format": {"type": "json_schema", "schema": SCHEMA}},
    )
    if reply.stop_reason == "end_turn":
        texts = [block.text for block in reply.content if block.type == "text"]
        fields = json.loads("".join(texts))
        return {name: fields[name] if fields[name] is not None else "" for name in FIELDS}
    raise ValueError(reply.stop_reason)
""",
    "a form for the date and the total": """
import json

NAMES = ["number", "vendor", "date", "currency", "total"]

def extract_invoice(client, text):
    properties = {name: {"type": "string"} for name in NAMES}
    properties["date"]["format"] = "date"
    properties["total"]["pattern"] = r"^\\d+(\\.\\d{2})?$"
    schema = {"type": "object", "properties": properties, "required": NAMES,
              "additionalProperties": False}
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=1000, stop_sequences=["END OF INVOICE"],
        messages=[{"role": "user", "content": text}],
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    if message.stop_reason != "end_turn":
        raise ValueError(f"the reply ended with {message.stop_reason}")
    return json.loads("".join(block.text for block in message.content if block.type == "text"))
""",
    "the text as a document, and the formats in descriptions": """
HOW = {
    "number": "its number", "vendor": "who sent it", "currency": "ISO code, such as EUR",
    "date": "as 2026-03-03, even if it's written 03.03.2026",
    "total": "such as 1234.50, also where it says 1.234,50",
}

def extract_invoice(client, text):
    schema = {
        "type": "object", "required": list(HOW), "additionalProperties": False,
        "properties": {key: {"type": "string", "description": how} for key, how in HOW.items()},
    }
    source = {"type": "text", "media_type": "text/plain", "data": text}
    content = [{"type": "document", "source": source}, {"type": "text", "text": "Its fields?"}]
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=900, system="You read invoices.",
        messages=[{"role": "user", "content": content}],
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    if message.stop_reason != "end_turn":
        raise ValueError(message)
    return json.loads("".join(block.text for block in message.content if block.type == "text"))
""",
    "the text in a document of blocks": """
def extract_invoice(client, text):
    schema = {
        "type": "object", "required": ["number", "vendor", "date", "currency", "total"],
        "additionalProperties": False,
        "properties": {
            "number": {"type": "string"}, "vendor": {"type": "string"},
            "date": {"type": "string", "description": "ISO 8601"},
            "currency": {"type": "string"},
            "total": {"type": "string", "description": "with a decimal point, like 1234.50"},
        },
    }
    source = {"type": "content", "content": [{"type": "text", "text": text}]}
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=900,
        messages=[{"role": "user", "content": [{"type": "document", "source": source}]}],
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    if message.stop_reason != "end_turn":
        raise ValueError("stopped: " + message.stop_reason)
    return json.loads("".join(block.text for block in message.content if block.type == "text"))
""",
}
