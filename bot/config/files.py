"""Reads TOML files into tables, and turns the first fault into one line that names file, key, fault and mend."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.config.values import Table
from bot.errors import ConfigError

_T = TypeVar("_T", bound=Table)

_NAMED = 60
"""Characters of a name that a fault repeats."""

_FAULTS = {
    "missing": "is missing; add it",
    "string_type": "must be text; write it in quotes",
    "int_type": "must be a whole number; write it without quotes",
    "bool_type": "must be true or false; write it without quotes",
    "tuple_type": 'must be a list; write it like ["one", "two"]',
    "list_type": "must be a list of tables; begin each one with [[{table}]]",
    "model_type": "must be a table; begin it with [{table}]",
    "date_type": "must be a day; write it like 2026-11-01, without quotes",
    "string_too_short": "is empty; write something, or take it out",
    "too_short": "is empty; write something, or take it out",
    "string_too_long": "has more than {max_length} characters; shorten it",
    "greater_than_equal": "is {input}; it must be {ge} or more",
    "value_error": "{error}",
}
"""What each kind of fault that pydantic finds is called, with its mend."""


def fault(where: str, said: str) -> ConfigError:
    """Make the error for a place in a file: always one line, whatever the file holds."""
    visible = (character if character.isprintable() else " " for character in f"{where}: {said}")
    line = " ".join("".join(visible).split())
    return ConfigError(line if line.endswith(("?", ".")) else f"{line}.")


def nearest(wrong: str, known: Iterable[str], *, otherwise: str, prefix: str = "") -> str:
    """Return the question that names the nearest known word, or else the advice."""
    folded = {one.casefold(): one for one in known}
    near = get_close_matches(wrong.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean {prefix}{folded[near[0]]}?" if near else otherwise


def read_table(path: Path, shape: type[_T]) -> _T:
    """Read one file into the shape of its table; a file that is not there is an empty one.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or does not have the shape.
    """
    content = _parse(path)
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        found = error.errors()
        # A misspelt key is told before the missing key that it was meant to be.
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        raise _explain(path, shape, content, first) from None


def entry(path: Path, kind: str, number: int, name: object) -> str:
    """Name the place of a table in a list, counted from one: `config/watches.toml: watch 3 (North Korea)`."""
    called = name.strip() if isinstance(name, str) else ""
    called = called if len(called) <= _NAMED else f"{called[:_NAMED]}…"
    return f"{path}: {kind} {number}" + (f" ({called})" if called else "")


def _parse(path: Path) -> dict[str, Any]:
    if path.exists() and not path.is_file():
        raise fault(str(path), "is no ordinary file; make it a file that the bot may read")
    try:
        # An editor of Windows puts a byte order mark first, which TOML does not allow.
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise fault(str(path), f"cannot be read ({error.strerror}); make it a file that the bot may read") from error
    except UnicodeDecodeError as error:
        raise fault(str(path), "is not in UTF-8; save it as UTF-8") from error
    except RecursionError:
        raise fault(str(path), "is nested too deeply; write the lists in it flat") from None
    except tomllib.TOMLDecodeError as error:
        raise fault(str(path), f"is no TOML: {error}; text stands in quotes, lists in square brackets") from error


def _explain(path: Path, shape: type[Table], content: Mapping[str, Any], found: ErrorDetails) -> ConfigError:
    where, loc = _place(path, content, found["loc"])
    table = ".".join(step for step in loc if isinstance(step, str))
    items = "".join(f" item {step + 1}" for step in loc if isinstance(step, int))
    if found["type"] == "extra_forbidden":
        prefix, _, wrong = table.rpartition(".")
        known = _keys(shape, found["loc"])
        mend = nearest(wrong, known, otherwise=f"known are {', '.join(known)}", prefix=f"{prefix}." if prefix else "")
        return fault(where, f"{table} is no known key; {mend}")
    told = {"table": f"[{table}]" if items else table, "input": found["input"], **found.get("ctx", {})}
    said = _FAULTS[found["type"]].format(**told) if found["type"] in _FAULTS else found["msg"]
    return fault(where, f"{table}{items} {said}")


def _place(path: Path, content: Mapping[str, Any], loc: tuple[int | str, ...]) -> tuple[str, tuple[int | str, ...]]:
    """Split a location into the entry of a list of tables and the key in it."""
    match loc:
        case (str(kind), int(index), _, *_) if isinstance(content[kind][index], Mapping):
            return entry(path, kind, index + 1, content[kind][index].get("name")), loc[2:]
        case _:
            return str(path), loc


def _keys(shape: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that are known in the table around a location."""
    for step in loc[:-1]:
        if isinstance(step, str):
            annotation = _fields(shape)[step].annotation
            inside = (annotation, *get_args(annotation))
            shape = next(one for one in inside if isinstance(one, type) and issubclass(one, BaseModel))
    return list(_fields(shape))


def _fields(shape: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a table by the names they have in a file."""
    return {field.alias or name: field for name, field in shape.model_fields.items()}
