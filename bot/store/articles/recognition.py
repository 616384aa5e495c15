"""Recognises what a source gives: which article of the archive a draft is, also when it goes by another name than before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.model import Draft, SourceKind
from bot.store import rows
from bot.store.chunks import chunks
from bot.store.schema import articles

RENAMED_SHARE, RENAMED_LEAST = 0.8, 5
"""A feed most of whose entries are new, and that gives some, may have renamed all its guids; then less has to agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """How addresses and texts are compared; the app passes the functions of `stories` in."""

    canonical_url: Callable[[str], str]
    text_hash: Callable[[str, str, bool], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A draft with all that it can be recognised by."""

    draft: Draft
    key: str
    canonical: str
    text_hash: str

    @property
    def digest(self) -> str:
        """What stands in the source, title and text, in 32 hexadecimal digits."""
        return digest(self.draft.title, self.draft.text)


def read_given(draft: Draft, prints: Fingerprints) -> Given:
    """Work out what a draft can be recognised by."""
    canonical = prints.canonical_url(draft.url)
    text_hash = prints.text_hash(draft.title, draft.text, draft.headless)
    return Given(draft=draft, key=article_key(draft, canonical=canonical), canonical=canonical, text_hash=text_hash)


def article_key(draft: Draft, *, canonical: str) -> str:
    """Return the identity of a draft within its source: guid, else canonical link, else title and text; never a date."""
    identity = f"guid {draft.guid}" if draft.guid else f"link {canonical}" if canonical else f"text {draft.title}\n{draft.text}"
    return _hashed(identity)


def digest(title: str, text: str) -> str:
    """Return a hash of a title and text as they stand."""
    return _hashed(f"{title}\0{text}")


def _hashed(words: str) -> str:
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def known_by_key(conn: sa.Connection, source_id: int, given: Sequence[Given]) -> dict[str, rows.Row]:
    """Return the articles of a source that these are by their identity."""
    found: dict[str, rows.Row] = {}
    for chunk in chunks([one.key for one in given]):
        query = sa.select(articles).where(articles.c.source_id == source_id, articles.c.key.in_(chunk))
        found |= {row.key: row for row in conn.execute(query.order_by(articles.c.id).with_for_update())}
    return found


def known_otherwise(
    conn: sa.Connection, source_id: int, kind: SourceKind, strangers: Sequence[Given], *, of: int, there: Collection[int]
) -> dict[str, rows.Row]:
    """Return by key the articles that strangers are all the same: another version of a file, or an entry under a new guid.

    `of` is how many the source gave in all, `there` are the articles that it gave under the name they have.
    """
    if kind is SourceKind.FEED:
        all_anew = len(strangers) >= max(RENAMED_LEAST, RENAMED_SHARE * of)
        claims = _renamed(conn, source_id, strangers, all_anew=all_anew)
    else:
        claims = _placed(conn, source_id, strangers)
    found: dict[str, rows.Row] = {}
    claimed = set(there)
    for key, row in claims:
        if row.id not in claimed and key not in found:
            claimed.add(row.id)
            found[key] = row
    return found


def _placed(conn: sa.Connection, source_id: int, strangers: Sequence[Given]) -> Iterator[tuple[str, rows.Row]]:
    """Yield what stood at the place of each stranger, the newest first."""
    at = {one.draft.place: one.key for one in strangers if one.draft.place}
    for chunk in chunks(list(at)):
        query = sa.select(articles).where(articles.c.source_id == source_id, articles.c.place.in_(chunk))
        for row in conn.execute(query.order_by(articles.c.id.desc()).with_for_update()):
            yield at[row.place], row


def _renamed(
    conn: sa.Connection, source_id: int, strangers: Sequence[Given], *, all_anew: bool
) -> Iterator[tuple[str, rows.Row]]:
    """Yield the entries that strangers may be under a new guid, as far as they agree with them, the newest first."""
    named = [one for one in strangers if one.draft.guid]
    for some in chunks(named):
        same_link = articles.c.canonical.in_({one.canonical for one in some if one.canonical})
        same_text = articles.c.text_hash.in_({one.text_hash for one in some})
        alike = same_link | same_text if all_anew else same_link
        query = sa.select(articles).where(articles.c.source_id == source_id, alike).order_by(articles.c.id.desc())
        by_link: dict[str, list[rows.Row]] = {}
        by_text: dict[str, list[rows.Row]] = {}
        for row in conn.execute(query):
            by_link.setdefault(row.canonical, []).append(row)
            by_text.setdefault(row.text_hash, []).append(row)
        for one in some:
            linked = by_link.get(one.canonical, ()) if one.canonical else ()
            for row in (*linked, *by_text.get(one.text_hash, ())):
                if _is_same(one, row, all_anew=all_anew):
                    yield one.key, row


def _is_same(one: Given, row: rows.Row, *, all_anew: bool) -> bool:
    """Tell whether an entry is an earlier one under a new guid: by its text, its title and its date.

    A page that is linked again under the same title every day is news every day; only where the whole feed goes by new
    names is it enough that one of them agrees.
    """
    published = one.draft.published
    same_title = bool(one.draft.title == row.title)
    same_date = published is not None and bool(published.at == row.published_at)
    same_text = bool(one.text_hash == row.text_hash)
    if all_anew:
        return same_text or (bool(one.canonical == row.canonical) and (same_title or same_date))
    return same_title and (same_date or same_text)
