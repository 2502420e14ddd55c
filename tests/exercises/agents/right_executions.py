"""Right answers to `execute_all`, which differ in kind."""

RIGHT = {
    "a function for one call, in threads": """
from concurrent.futures import ThreadPoolExecutor

def attempt(call, registry):
    answer = dict(type="tool_result", tool_use_id=call.id)
    function = registry.get(call.name)
    if function is None:
        return answer | dict(content=f"Error: Tool '{call.name}' not found", is_error=True)
    try:
        value = function(**call.input)
        return answer | dict(content=value if type(value) is str else json.dumps(value))
    except Exception as error:
        return answer | dict(content=f"{error!r}", is_error=True)

def execute_all(blocks, registry):
    calls = [block for block in blocks if block.type == "tool_use"]
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda call: attempt(call, registry), calls))
""",
    "text blocks as content, a default for JSON, and is_error always": """
import traceback

def execute_all(blocks, registry):
    print("running", len(blocks))
    return [answer(block, registry) for block in blocks if type(block).__name__ == "ToolUseBlock"]

def answer(block, registry):
    failed = False
    try:
        said = registry[block.name](**block.input)
    except BaseException:
        said, failed = traceback.format_exc(), True
    if not isinstance(said, str):
        said = json.dumps(said, default=str, ensure_ascii=False)
    content = [{"type": "text", "text": said}]
    return {"type": "tool_result", "tool_use_id": block.id, "content": content, "is_error": failed}
""",
    "by recursion, over dicts, as a tuple": """
def execute_all(blocks, registry):
    if not blocks:
        return ()
    first, rest = blocks[0].to_dict(), execute_all(blocks[1:], registry)
    if first["type"] != "tool_use":
        return rest
    said = {"tool_use_id": first["id"], "type": "tool_result"}
    try:
        value = registry[first["name"]](**first["input"])
        if not isinstance(value, str):
            value = json.dumps(value, indent=1)
        said["content"] = value
    except Exception as error:
        said.update(content=": ".join((type(error).__name__, *map(str, error.args))))
        said.update(is_error=True)
    return (said, *rest)
""",
}

RIGHT |= {
    "the input checked against the signature, by name": """
import inspect

class Failed(Exception):
    pass

def run(call, registry):
    try:
        function = registry[call.name]
    except KeyError:
        raise Failed(f"there is no tool {call.name!r}") from None
    try:
        inspect.signature(function).bind(**call.input)
        value = function(**call.input)
        return value if isinstance(value, str) else json.dumps(value)
    except Exception as error:
        raise Failed(f"{type(error).__qualname__} in {call.name}: {error}") from error

def execute_all(blocks, registry):
    results = []
    for call in filter(lambda block: block.type == "tool_use", blocks):
        said, is_error = "", False
        try:
            said = run(call, registry)
        except Failed as failed:
            said, is_error = str(failed), True
        results.append({"type": "tool_result", "tool_use_id": call.id, "content": said,
                        **({"is_error": True} if is_error else {})})
    return results
""",
    "asyncio, and answers by id": """
import asyncio, copy

async def answer(call, registry):
    try:
        value = await asyncio.to_thread(registry[call.name], **copy.deepcopy(call.input))
        return {"content": value if isinstance(value, str) else json.dumps(value, default=str)}
    except Exception as error:
        return {"content": repr(error), "is_error": True}

def execute_all(blocks, registry):
    calls = {block.id: block for block in blocks if block.type == "tool_use"}

    async def together():
        return await asyncio.gather(*(answer(call, registry) for call in calls.values()))

    with ThreadPoolExecutor(1) as pool:
        answers = pool.submit(asyncio.run, together()).result()
    return [dict(type="tool_result", tool_use_id=id, **said) for id, said in zip(calls, answers)]
""",
}
