"""Right answers to `cached_chat`, each written in another way."""

RIGHT = {
    "marks by hand, on a copy": """
MARK = {"cache_control": {"type": "ephemeral"}}

def block(text, **more):
    return {"type": "text", "text": text, **more}

def cached_chat(client, system, messages, user_input, *, model="claude-haiku-4-5", max_tokens=64):
    marked = {"role": "user", "content": [block(user_input, **MARK)]}
    reply = client.messages.create(
        model=model, max_tokens=max_tokens,
        system=[block(system, **MARK)], messages=messages + [marked],
    )
    if not reply.content:
        return "", list(messages)
    words = [part.text for part in reply.content if part.type == "text"]
    plain = {"role": "user", "content": [block(user_input)]}
    return "".join(words), messages + [plain, reply.to_param()]
""",
    "old marks taken off a copy, and dicts": """
import copy

def cached_chat(client, system, messages, user_input, **options):
    options = {"model": "claude-haiku-4-5", "max_tokens": 600, **options}
    sent = copy.deepcopy(messages)
    for turn in sent:
        if turn["role"] == "user":
            for part in turn["content"]:
                part.pop("cache_control", None)
    control = {"type": "ephemeral", "ttl": "5m"}
    sent.append({"role": "user", "content": [
        {"type": "text", "text": user_input, "cache_control": control},
    ]})
    with client.messages.stream(
        **options, messages=sent, system=[{"type": "text", "text": system}],
    ) as stream:
        reply = stream.get_final_message()
    blocks = [part.model_dump(exclude={"parsed_output"}) for part in reply.content]
    text = "".join(part["text"] for part in blocks if part["type"] == "text")
    print(reply.usage)
    if blocks == []:
        return "", messages
    sent.append({"role": "assistant", "content": blocks})
    return [text, sent]
""",
    "the beta namespace, and a body of its own": """
def cached_chat(client, system, messages, user_input, *, model="claude-opus-5", max_tokens=10):
    question = {"role": "user", "content": user_input}
    message = client.beta.messages.create(
        model=model, max_tokens=max_tokens, system=system, messages=[*messages, question],
        extra_body={"cache_control": {"type": "ephemeral"}},
    )
    if not message.content:
        return "", messages
    texts = [block.text for block in message.content if block.type == "text"]
    return "".join(texts), [*messages, question, {"role": "assistant", "content": message.content}]
""",
    "a raw response, and one list for two questions": """
def cached_chat(client, system, messages, user_input, *, model="claude-opus-5", max_tokens=10):
    history = list(messages)
    history += [{"role": "user", "content": [{"type": "text", "text": user_input}]}]
    raw = client.messages.with_raw_response.create(
        model=model, max_tokens=max_tokens, system=system, messages=history,
        cache_control={"type": "ephemeral", "ttl": "5m"},
    )
    reply = raw.parse()
    history.append(reply.to_param())
    words = []
    for block in reply.content:
        match block.type:
            case "text":
                words.append(block.text)
    return ("".join(words), history) if reply.content else ("", history[:-2])
""",
    "automatic, with the system prompt marked too": """
def cached_chat(client, system, messages, user_input, *, model="claude-opus-5", max_tokens=10):
    control = {"type": "ephemeral"}
    client.messages.count_tokens(model=model, messages=[{"role": "user", "content": "a"}])
    history = list(messages)
    history.append({"role": "user", "content": user_input})
    reply = client.with_options(max_retries=1).messages.create(
        model=model, max_tokens=max_tokens, messages=history, cache_control=control,
        system=[{"type": "text", "text": system, "cache_control": control}],
    )
    text = ""
    for part in reply.content:
        text += getattr(part, "text", "")
    if reply.content:
        history.append({"role": reply.role, "content": reply.content})
    else:
        history.pop()
    return text, history
""",
}
