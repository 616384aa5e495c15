"""The way of a request: recorded, broken if a test asked for it, limited, judged, answered in the form discord.py expects."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from . import rules
from .faults import UNAUTHORIZED, Break, Buckets, Fault, Faults, fault_body, too_many, too_many_headers
from .interactions import Refusal
from .messages import Upload
from .openapi import Description
from .routes import (
    CALLBACK,
    COMMANDS,
    FOLLOW_UP,
    FOLLOW_UP_MESSAGE,
    GUILD_COMMANDS,
    MESSAGE,
    MESSAGES,
    ORIGINAL,
    Answer,
    Call,
    Routes,
)
from .rules import Breach

API = "/api/v10"

_BODY_RULES: Mapping[tuple[str, str], Callable[[Any], Iterator[Breach]]] = {
    ("POST", MESSAGES): rules.message_breaches,
    ("PATCH", MESSAGE): rules.message_breaches,
    ("POST", FOLLOW_UP): rules.message_breaches,
    ("PATCH", ORIGINAL): rules.message_breaches,
    ("PATCH", FOLLOW_UP_MESSAGE): rules.message_breaches,
    ("POST", CALLBACK): rules.callback_breaches,
    ("PUT", COMMANDS): rules.command_breaches,
    ("PUT", GUILD_COMMANDS): rules.command_breaches,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A body that breaks a rule of Discord, with the path to the fault in it."""

    method: str
    path: str
    where: str
    message: str


class Rest:
    """Answers the requests of one API; `calls` holds all of them in order."""

    def __init__(self, routes: Routes, *, token: str, description: Description | None, rang: Callable[[], None]) -> None:
        self._routes = routes
        self._token = token
        self._description = description
        self._rang = rang
        self._patterns = [(method, template, _pattern(template)) for method, template in routes.table]
        self._closing = asyncio.Event()
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.gaps: list[Violation] = []
        """Answers of this fake that Discord's own description does not allow."""
        self.faults = Faults()
        self.buckets = Buckets()

    def release(self) -> None:
        """Let go of the requests that hang."""
        self._closing.set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Take one request."""
        call = await self._read(request)
        self.calls.append(call)
        self._rang()
        fault = self.faults.take(call.method, call.template)
        if fault is not None and fault.broken is None:
            if fault.stored:
                await self._result(call)
            return self._respond(call, *_broken_answer(fault))
        if fault is not None and fault.broken in {Break.RESET, Break.HANG}:
            return await self._break(request, fault)
        answer, headers = await self._result(call)
        if fault is not None:
            self._rang()
            return await self._break(request, fault)
        return self._respond(call, answer, headers)

    async def _result(self, call: Call) -> tuple[Answer, dict[str, str]]:
        if call.needs_token and call.headers.get("Authorization") != f"Bot {self._token}":
            return _broken_answer(UNAUTHORIZED)
        major = next(iter(call.parts.values()), "")
        headers, pause_s = self.buckets.count(call.method, call.template, major)
        if pause_s:
            answer, more = _broken_answer(too_many(pause_s))
            return answer, headers | more
        route = self._routes.table.get((call.method, call.template))
        if route is None:
            self._violate(call, [Breach((), "the fake does not know this route")])
            return Answer(404, {"message": "404: Not Found", "code": 0}), headers
        try:
            self._judge(call)
            return await route(call), headers
        except Refusal as refusal:
            if refusal.status == 400 and "errors" not in refusal.body:
                self._violate(call, [Breach((), str(refusal))])
            return Answer(refusal.status, refusal.body), headers

    def _judge(self, call: Call) -> None:
        """Refuse a body that breaks a rule.

        Raises:
            Refusal: 50035, with the nested reasons.
        """
        judge = _BODY_RULES.get((call.method, call.template))
        breaches = list(judge(call.body)) if judge else []
        if not breaches and self._description and call.body is not None:
            breaches = self._description.request_breaches(call.method, call.template, call.body)
        if breaches:
            self._violate(call, breaches)
            raise Refusal(400, 50035, "Invalid Form Body", errors=rules.nested(breaches))

    def _violate(self, call: Call, breaches: Iterable[Breach]) -> None:
        self.violations += [_violation(call, breach) for breach in breaches]

    def _respond(self, call: Call, answer: Answer, headers: Mapping[str, str]) -> web.Response:
        call.status = answer.status
        if self._description and answer.status < 500 and (call.method, call.template) in self._routes.table:
            breaches = self._description.answer_breaches(call.method, call.template, answer.status, answer.body)
            self.gaps += [_violation(call, breach) for breach in breaches]
        self._rang()
        if answer.body is None:
            return web.Response(status=answer.status, headers=headers)
        # a charset in the content type makes discord.py take the body for plain text
        body = json.dumps(answer.body).encode()
        return web.Response(status=answer.status, body=body, content_type="application/json", headers=headers)

    async def _break(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.broken in {Break.HANG, Break.HANG_STORED}:
            await self._closing.wait()
        elif request.transport is not None:
            # closing without lingering sends a reset, where an ordinary end would look like an empty answer
            request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.transport.abort()
        return web.Response(status=503)

    async def _read(self, request: web.Request) -> Call:
        path = request.path.removeprefix(API)
        template, parts = self._find(request.method, path)
        body, files = await _body(request)
        return Call(
            method=request.method,
            path=path,
            template=template,
            parts=parts,
            query=dict(request.query),
            headers=request.headers,
            body=body,
            files=files,
        )

    def _find(self, method: str, path: str) -> tuple[str, Mapping[str, str]]:
        for known, template, pattern in self._patterns:
            if known == method and (found := pattern.fullmatch(path)):
                return template, found.groupdict()
        return path, {}


async def _body(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return the JSON of a request, with the files that came beside it."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return (json.loads(text) if text else None), []
    body: Any = None
    files: list[Upload] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = await part.read()
        if part.name == "payload_json":
            body = json.loads(content)
        else:
            files.append(Upload(filename=part.filename or "", size=len(content)))
    return body, files


def _pattern(template: str) -> re.Pattern[str]:
    """Return what finds a route and its parts; ids are digits, tokens are not."""
    return re.compile(re.sub(r"\{(\w+)\}", lambda part: _part(part[1]), template))


def _part(name: str) -> str:
    return f"(?P<{name}>[^/]+)" if name.endswith("token") else f"(?P<{name}>[0-9]+)"


def _broken_answer(fault: Fault) -> tuple[Answer, dict[str, str]]:
    return Answer(fault.status, fault_body(fault)), too_many_headers(fault) if fault.status == 429 else {}


def _violation(call: Call, breach: Breach) -> Violation:
    where = ".".join(map(str, breach.path))
    return Violation(method=call.method, path=call.path, where=where, message=breach.message)
