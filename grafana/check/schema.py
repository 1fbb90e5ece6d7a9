"""Is a dashboard what Grafana's own schema knows: no unknown key, no value of another type, no word outside an enum."""

import enum
import json
import types
import typing
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

# Without the plugins the SDK leaves `targets`, `options` and `custom` untyped, and anything passes.
register_default_plugins()

#: Grafana writes these, its published schema lacks them.
UNLISTED = {"definition"}


def faults(dashboard: dict[str, Any]) -> list[str]:
    """Every difference from the schema, with its place."""
    try:
        model = Dashboard.from_json(dashboard)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"the schema does not read it: {error!r}"]
    again = json.loads(json.dumps(model, cls=JSONEncoder))
    return [*lost(dashboard, again, ""), *mistyped(model, "")]


def lost(before: Any, after: Any, place: str) -> list[str]:
    """What the round trip through the schema dropped or changed; what it adds are defaults."""
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for key, value in before.items():
            if key in after:
                found += lost(value, after[key], f"{place}/{key}")
            elif key not in UNLISTED and value is not None:
                found.append(f"{place}/{key}: no such key")
        return found
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [text for i, pair in enumerate(zip(before, after, strict=True)) for text in lost(*pair, f"{place}/{i}")]
    return [] if before == after else [f"{place}: {before!r} became {after!r}"]


def mistyped(value: Any, place: str) -> list[str]:
    """Fields of the SDK's objects whose value is not of the declared type: `from_json` checks none."""
    if isinstance(value, list):
        return [text for index, item in enumerate(value) for text in mistyped(item, f"{place}/{index}")]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in mistyped(item, f"{place}/{key}")]
    if not hasattr(value, "to_json") or isinstance(value, enum.Enum):
        return []
    found = []
    for name, declared in typing.get_type_hints(type(value)).items():
        item = getattr(value, name, None)
        if item is not None and not fits(item, declared):
            found.append(f"{place}/{name}: {item!r} is no {declared}")
        found += mistyped(item, f"{place}/{name}")
    return found


def fits(value: Any, declared: Any) -> bool:
    """Whether a value is of a declared type, as far as the type can tell."""
    origin, arguments = typing.get_origin(declared), typing.get_args(declared)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in arguments)
    if origin is typing.Literal:
        return value in arguments
    if origin is list:
        return isinstance(value, list) and all(fits(item, arguments[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(item, arguments[1]) for item in value.values())
    if not isinstance(declared, type) or declared is object:
        return True
    if issubclass(declared, enum.Enum):
        return isinstance(value, declared) or value in [member.value for member in declared]
    if declared is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if declared is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, declared)
