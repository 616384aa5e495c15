"""Reads a query of the watch language or plain words into its meaning; what it cannot read it refuses in one sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import QueryError
from bot.language.folding import unmarked
from bot.matching.queries.fields import SINCE
from bot.matching.queries.lucene import FIELDS, phrase_in_quotes, phrase_of, read_lucene
from bot.matching.queries.names import Names
from bot.matching.queries.written import written
from bot.matching.relations.wording import in_words
from bot.model import AnyOf, Catalogue, Phrase, Query, Relation, Understood, leaves

LONGEST = 2_000
"""Characters of a query."""

_STRAIGHT = str.maketrans({**dict.fromkeys("“”„‟«»＂「」『』", '"'), "（": "(", "）": ")", "：": ":"})
"""Telephones set other quotation marks of themselves, and East Asian keyboards wide marks."""

_QUOTED = r'"(?:\\.|[^"\\])*"'

_SEPARATOR = re.compile(rf"(?P<quoted>{_QUOTED})|[;\n、，；]|,(?!\d)|(?<!\d),", re.DOTALL)
"""What parts plain words; not the comma of 10,000, nor one inside quotation marks."""

_STAND_IN = re.compile(rf"{_SEPARATOR.pattern}|(?<!\S)(?:&&|\|\|)(?!\S)", re.DOTALL)
"""What is read as OR or AND beside other operators."""

_SPELLED = {"\n": " ", "&&": "AND", "||": "OR"}

_OPERATOR = re.compile(
    rf"""
    ["()\[\]{{}}^~*\\]        # phrases, groups, ranges, boosts, slop, wildcards, escapes
    | \b (?:AND|OR|NOT) \b
    | (?<!\S) (?:&&|\|\|) (?!\S)
    | (?<!\S) [-+<>/] \w    # -word, +word, >5, /pattern/
    | \w \? \w
    | \b [A-Za-z]+ : (?=\S) # a field
    | \b (?i:{"|".join(FIELDS)}) : # one that is known, also before a space or nothing
    """,
    re.VERBOSE,
)

_BETWEEN_OPERATORS = re.compile(rf"{_QUOTED}|\b(?:AND|OR|NOT)\b|[a-z]+:|[()+,;\n]|(?<!\S)-", re.DOTALL)

_JOINING_WORD = re.compile(r"(?<!\S)(?:and|or|not)(?!\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of plain words between separators, and where it begins in the query."""

    text: str
    start: int

    @property
    def is_quoted(self) -> bool:
        """Whether it is one phrase in quotation marks and nothing else."""
        return bool(re.fullmatch(_QUOTED, self.text, re.DOTALL))

    @property
    def is_plain(self) -> bool:
        """Whether no operator stands in it."""
        return self.is_quoted or not _OPERATOR.search(self.text)


class Interpreter:
    """Reads queries over one catalogue (the protocol `ports.Understand`)."""

    def __init__(self, catalogue: Catalogue, *, searches: bool = False, names: Names | None = None) -> None:
        self._names = names or Names(catalogue)
        self._searches = searches
        """Whether `since:` is taken: a watch looks at what is to come."""

    def __call__(self, text: str) -> Understood:
        """Return what a query means, how it is written with all operators, and how it was read where that is not plain to see.

        Raises:
            QueryError: it cannot be read; the message says why, `at` where.
        """
        try:
            return self._read(text)
        except QueryError as error:
            raise QueryError(str(error), at=error.at, query=text) from error

    def _read(self, text: str) -> Understood:
        if len(text) > LONGEST:
            raise QueryError(f"The query is {len(text):,} characters long, and {LONGEST:,} are the most.", at=LONGEST)
        odd = next((at for at, one in enumerate(text) if one == "\0" or unicodedata.category(one) == "Cs"), None)
        if odd is not None:
            raise QueryError("The query has characters in it that are no text: write it again.", at=odd)
        straight = text.translate(_STRAIGHT)
        _check_closed(straight)
        pieces = _pieces(straight)
        if not pieces:
            raise QueryError("The query is empty: name an actor, a topic or some words.", at=0)
        if all(piece.is_plain for piece in pieces):
            return self._plain(pieces)
        spelled, places = _spelled_out(straight)
        try:
            query, is_spelled_out, since = read_lucene(spelled, self._names)
        except QueryError as error:
            raise QueryError(str(error), at=None if error.at is None else places[error.at]) from error
        if since and not self._searches:
            raise QueryError("since: is for searches: a watch looks at what is to come.", at=straight.find(SINCE))
        is_obvious = is_spelled_out and spelled == straight.replace("\n", " ")
        note = "" if is_obvious else f"Read as {written(query)}.{self._hint(straight)}"
        return Understood(
            query=query, written=written(query), note=" ".join(filter(None, (note, self._told(query)))), since=since
        )

    def _told(self, query: Query) -> str:
        """Say in words what the relations of a query ask for."""
        told = [in_words(leaf, self._names.name_of) for leaf in dict.fromkeys(leaves(query)) if isinstance(leaf, Relation)]
        return f"Asks for sentences that say: {'; '.join(told)}." if told else ""

    def _hint(self, text: str) -> str:
        """Say how to ask for an actor or topic whose name was read as mere words."""
        runs = (unmarked(words) for words in _BETWEEN_OPERATORS.split(text))
        named = next(filter(None, (self._names.called(words) for words in runs if " " in words)), None)
        return f" For all its names write {named.id}." if named else ""

    def _plain(self, pieces: Sequence[_Piece]) -> Understood:
        """Read words without operators: each piece is an actor, a topic or one phrase, and any of them will do."""
        parts = tuple(dict.fromkeys(self._piece(piece) for piece in pieces))
        query = parts[0] if len(parts) == 1 else AnyOf(parts)
        note = f"Read as {written(query)}."
        if any(isinstance(part, Phrase) and _JOINING_WORD.search(part.words) for part in parts):
            note += " To join words, write AND, OR, NOT in capitals."
        is_obvious = len(pieces) == 1 and pieces[0].is_quoted
        return Understood(query=query, written=written(query), note="" if is_obvious else note)

    def _piece(self, piece: _Piece) -> Query:
        if piece.is_quoted:
            return phrase_in_quotes(piece.text, at=piece.start)
        words = unmarked(piece.text)
        return self._names.called(words) or phrase_of(words, at=piece.start)


def parse(text: str, catalogue: Catalogue) -> Understood:
    """Return what a query means over a catalogue; to read several, keep an `Interpreter`.

    Raises:
        QueryError: it cannot be read; the message says why, `at` where.
    """
    return Interpreter(catalogue)(text)


def _check_closed(text: str) -> None:
    """Refuse quotation marks and brackets that are opened and never closed, or closed and never opened."""
    open_at: list[int] = []
    for mark in re.finditer(rf"\\.|{_QUOTED}|[\"()]", text, re.DOTALL):
        if mark[0] == '"':
            raise QueryError(
                f'The quotation mark at character {mark.start() + 1} is never closed: set another one (").', at=mark.start()
            )
        if mark[0] == "(":
            open_at.append(mark.start())
        elif mark[0] == ")" and not open_at:
            raise QueryError(f"The bracket at character {mark.start() + 1} closes nothing: take it out.", at=mark.start())
        elif mark[0] == ")":
            open_at.pop()
    if open_at:
        raise QueryError(f"The bracket at character {open_at[-1] + 1} is never closed: add a ).", at=open_at[-1])


def _pieces(text: str) -> list[_Piece]:
    """Return what stands between separators, without the empty pieces."""
    cuts = [mark.span() for mark in _SEPARATOR.finditer(text) if not mark["quoted"]]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    pieces = []
    for start, end in zip(starts, ends, strict=True):
        words = text[start:end]
        if words.strip():
            pieces.append(_Piece(words.strip(), start + len(words) - len(words.lstrip())))
    return pieces


def _spelled_out(text: str) -> tuple[str, list[int]]:
    """Return a query with what stands for an operator spelled as one, and where each of its characters stood before."""
    characters: list[tuple[str, int]] = []
    last = 0
    for mark in _STAND_IN.finditer(text.rstrip(" \n,;、，；")):
        if mark["quoted"]:
            continue
        characters += zip(text[last : mark.start()], range(last, mark.start()), strict=True)
        characters += ((character, mark.start()) for character in _SPELLED.get(mark[0], " OR "))
        last = mark.end()
    characters += zip(text[last:], range(last, len(text)), strict=True)
    return "".join(character for character, _ in characters), [*(place for _, place in characters), len(text)]
