"""Discord's own description of its interface, asked whether a body is right; without the file everything is."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import jsonschema
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .rules import Breach

_DOCUMENT = "urn:discord"


class Validator(Protocol):
    """The part of a jsonschema validator that is used here."""

    def iter_errors(self, instance: Any) -> Any:
        """Yield validation errors."""
        ...


class _Schemas:
    """The schemas of one document by their place in it."""

    def __init__(self, document: dict[str, Any]) -> None:
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, resource)
        self._validators: dict[str, Validator] = {}

    def breaches(self, pointer: str, body: Any) -> list[Breach]:
        """Return what is wrong with a body by the schema at a JSON pointer."""
        if pointer not in self._validators:
            schema = {"$ref": f"{_DOCUMENT}#{pointer}"}
            self._validators[pointer] = jsonschema.Draft202012Validator(schema, registry=self._registry)
        # the innermost error of a union names the place, where the outermost repeats the whole body
        errors = [best_match([error]) for error in self._validators[pointer].iter_errors(body)]
        return [Breach(tuple(error.absolute_path), error.message[:500], "OPENAPI") for error in errors]


class Description:
    """The OpenAPI document of one file; schemas are compiled when they are first asked for.

    Discord takes an id as a number too, and discord.py sends some so: requests are judged with that allowed.
    """

    def __init__(self, file: Path) -> None:
        self._document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        components = self._document["components"]
        snowflake = components["schemas"]["SnowflakeType"] | {"type": ["string", "integer"]}
        lenient = components | {"schemas": components["schemas"] | {"SnowflakeType": snowflake}}
        self._answers = _Schemas(self._document)
        self._requests = _Schemas(self._document | {"components": lenient})

    def request_breaches(self, method: str, template: str, body: Any) -> list[Breach]:
        """Return what is wrong with the body of a request."""
        operation = self._operation(method, template)
        content = (operation or {}).get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return []
        return self._requests.breaches(f"{_pointer(method, template)}/requestBody/content/application~1json/schema", body)

    def answer_breaches(self, method: str, template: str, status: int, body: Any) -> list[Breach]:
        """Return what is wrong with the body of an answer; a status the description does not have is wrong too."""
        operation = self._operation(method, template)
        if operation is None:
            return [Breach((), f"{method} {template} is not described")]
        if status == 429:
            return self._answers.breaches(
                "/components/responses/ClientRatelimitedResponse/content/application~1json/schema", body
            )
        if status >= 400:
            return self._error_breaches(body)
        if str(status) not in operation["responses"]:
            return [Breach((), f"{method} {template} never answers {status}")]
        if "content" not in operation["responses"][str(status)]:
            return [] if body is None else [Breach((), f"{method} {template} answers {status} without a body")]
        return self._answers.breaches(f"{_pointer(method, template)}/responses/{status}/content/application~1json/schema", body)

    def _error_breaches(self, body: Any) -> list[Breach]:
        """Judge an error without its nested reasons: their codes are words in the documentation, numbers in the description."""
        flat = {key: value for key, value in body.items() if key != "errors"} if isinstance(body, dict) else body
        return self._answers.breaches("/components/responses/ClientErrorResponse/content/application~1json/schema", flat)

    def _operation(self, method: str, template: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self._document["paths"].get(template, {}).get(method.lower())
        return found


@cache
def described(path: str) -> Description:
    """Return the description in a file, read once."""
    return Description(Path(path))


def at_hand() -> Description | None:
    """Return the description that `$DISCORD_OPENAPI` names, if it names one."""
    path = os.environ.get("DISCORD_OPENAPI")
    return described(path) if path else None


def _pointer(method: str, template: str) -> str:
    path = template.replace("~", "~0").replace("/", "~1")
    return f"/paths/{path}/{method.lower()}"
