"""Check the tools that Anthropic defines: their names, their options, and what these rule out.

`grader.catalog` knows which options a type has. A dated type that is newer than the catalog is
taken by its name alone. The wording of an empty list of domains is quoted in
github.com/CherryHQ/cherry-studio/pull/10374; that two lists exclude each other is documented, and
how the server says it is a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from grader.catalog import ToolKind
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.cache_controls import check_cache_control
from grader.simulator.validation.server_blocks import CALLERS
from grader.simulator.wire import Json

_Check = Callable[[Json, str], object]


def is_known(kind: ToolKind, betas: Collection[str]) -> bool:
    """Return whether a request with these values of `anthropic-beta` may have such a tool."""
    return not kind.beta or any(beta.startswith(kind.beta) for beta in betas)


def check_anthropic_tool(tool: dict[str, Json], kind: ToolKind, path: str) -> None:
    """Refuse a tool of Anthropic's with another name, or with an option that is not its own."""
    if kind.name:
        shapes.one_of(shapes.field(tool, "name", path), f"{path}.name", (kind.name,))
    for key in sorted(kind.required):
        shapes.field(tool, key, path)
    for key, check in _OPTIONS.items():
        if key in tool and key in kind.options | kind.required:
            check(tool[key], f"{path}.{key}")
    if kind.members:
        _check_configs(tool.get("configs"), kind.members, f"{path}.configs")
    elif "configs" in tool and "configs" in kind.options:
        check_configs(tool["configs"], f"{path}.configs")
    if tool.get("allowed_domains") is not None and tool.get("blocked_domains") is not None:
        raise invalid(f"{path}: Cannot specify both allowed_domains and blocked_domains.")
    check_cache_control(tool, path)
    named = {"name"} if kind.name else set()
    shapes.only(tool, path, {"type", "cache_control", *named, *kind.required, *kind.options})


def check_callers(value: Json, path: str) -> None:
    """Refuse callers of a tool that are none."""
    for index, caller in enumerate(shapes.array(value, path)):
        where = f"{path}.{index}"
        shapes.one_of(shapes.string(caller, where), where, CALLERS)


def check_configs(value: Json, path: str) -> None:
    """Refuse settings of tools, by their names, that are none."""
    if value is None:
        return
    for name, config in shapes.mapping(value, path).items():
        check_config(config, f"{path}.{name}")


def check_config(value: Json, path: str) -> None:
    """Refuse the settings of one tool of a set: whether it is enabled, and whether deferred."""
    config = shapes.mapping(value, path)
    for key in ("enabled", "defer_loading"):
        if config.get(key) is not None:
            shapes.boolean(config[key], f"{path}.{key}")
    shapes.only(config, path, ("enabled", "defer_loading"))


def _check_configs(value: Json, members: Collection[str], path: str) -> None:
    """Refuse settings of what is no member, and members that are not deferred together."""
    given: dict[str, Json] = shapes.mapping(value, path) if value is not None else {}
    configs = {name: config for name, config in given.items() if config is not None}
    check_configs(configs, path)
    shapes.only(given, path, members)
    settings = [configs.get(name) or {} for name in members]
    enabled = [config for config in settings if config.get("enabled") is not False]
    if len({bool(config.get("defer_loading")) for config in enabled}) > 1:
        raise invalid(f"{path}: defer_loading must be the same for every enabled tool of the set.")


def _nullable(check: _Check) -> _Check:
    def checked(value: Json, path: str) -> None:
        if value is not None:
            check(value, path)

    return checked


def _positive(value: Json, path: str) -> None:
    shapes.integer(value, path, minimum=1)


def _domains(value: Json, path: str) -> None:
    domains = shapes.array(value, path)
    if not domains:
        raise invalid(
            f"{path}: Empty list of domains is ambiguous. Provide at least one domain or null."
        )
    for index, domain in enumerate(domains):
        shapes.string(domain, f"{path}.{index}", minimum=1)


def _location(value: Json, path: str) -> None:
    place = shapes.mapping(value, path)
    shapes.tag(place, path, ("approximate",))
    parts = ("city", "country", "region", "timezone")
    for key in parts:
        if place.get(key) is not None:
            shapes.string(place[key], f"{path}.{key}", minimum=1)
    shapes.only(place, path, ("type", *parts))


def _citations(value: Json, path: str) -> None:
    config = shapes.mapping(value, path)
    if "enabled" in config:
        shapes.boolean(config["enabled"], f"{path}.enabled")
    shapes.only(config, path, ("enabled",))


_SOURCES = ("client_tool_results", "server_tool_results", "user_input")


def _url_sources(value: Json, path: str) -> None:
    sources = shapes.mapping(value, path)
    for key in _SOURCES:
        if key in sources:
            where = f"{path}.{key}"
            kinds = ("all", "none") if key == "user_input" else ("all", "except", "none", "only")
            shapes.tag(shapes.mapping(sources[key], where), where, kinds)
    shapes.only(sources, path, _SOURCES)


def _inclusion(value: Json, path: str) -> None:
    shapes.one_of(value, path, ("full", "excluded"))


def _examples(value: Json, path: str) -> None:
    for index, example in enumerate(shapes.array(value, path)):
        shapes.mapping(example, f"{path}.{index}")


def _cache(value: Json, path: str) -> None:
    before, _, key = path.rpartition(".")
    check_cache_control({"cache_control": value}, f"{before}.{key}")


def _tools(value: Json, path: str) -> None:
    for index, entry in enumerate(shapes.array(value, path)):
        tool = shapes.mapping(entry, f"{path}.{index}")
        shapes.string_field(tool, "name", f"{path}.{index}")
        shapes.mapping(
            shapes.field(tool, "input_schema", f"{path}.{index}"), f"{path}.{index}.input_schema"
        )


def _whole(value: Json, path: str) -> None:
    shapes.integer(value, path, minimum=0)


_OPTIONS: Mapping[str, _Check] = {
    "allowed_callers": check_callers,
    "allowed_domains": _nullable(_domains),
    "blocked_domains": _nullable(_domains),
    "caching": _nullable(_cache),
    "citations": _nullable(_citations),
    "default_config": check_config,
    "defer_loading": shapes.boolean,
    "display_height_px": _positive,
    "display_number": _nullable(_whole),
    "display_width_px": _positive,
    "enable_zoom": shapes.boolean,
    "input_examples": _examples,
    "max_characters": _nullable(_positive),
    "max_content_tokens": _nullable(_positive),
    "max_tokens": _nullable(_positive),
    "max_uses": _nullable(_positive),
    "mcp_server_name": shapes.string,
    "model": shapes.string,
    "response_inclusion": _inclusion,
    "strict": shapes.boolean,
    "tools": _nullable(_tools),
    "url_sources": _nullable(_url_sources),
    "use_cache": shapes.boolean,
    "user_location": _nullable(_location),
}
