"""The verb that shows what feeds and pages yield."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot import parsing
from bot.cli.frame import Format, cli
from bot.model import now_utc


@cli.command()
def parse(
    files: Annotated[list[str], typer.Argument(metavar="FILES…", help="Feed files or saved web pages; - is standard input.")],
    *,
    headers: Annotated[
        str, typer.Option("--headers", metavar="FILE", help="The HTTP headers they came with: JSON, or lines of Name: value.")
    ] = "",
    url: Annotated[str, typer.Option("--url", help="The address that their links are relative to.")] = "",
    zone: Annotated[str, typer.Option("--zone", help="The zone of dates that name none, such as Asia/Seoul.")] = "",
    form: Annotated[Format, typer.Option("--format", help="text for people, jsonl for programs.")] = Format.TEXT,
    task: Annotated[
        parsing.Task | None,
        typer.Option("--eval", help="Read FILE as inputs of the evaluation kit, and print predictions, one JSON line each."),
    ] = None,
    folder: Annotated[Path | None, typer.Option("--files", metavar="DIR", help="Where the files of --eval are.")] = None,
) -> None:
    """Say what feed files or web pages yield, without touching archive or network; ends with 1 if one cannot be read."""
    if task:
        for name in files:
            for prediction in parsing.evaluated(task, name, folder, now=now_utc()):
                print(json.dumps(prediction))
        return
    given = parsing.headers_of(headers) if headers else {}
    failed = False
    for found in parsing.yields(files, headers=given, url=url, zone=zone, now=now_utc()):
        failed = failed or bool(found.error)
        for line in map(json.dumps, parsing.records(found)) if form is Format.JSONL else parsing.told(found):
            print(line)
    raise typer.Exit(int(failed))
