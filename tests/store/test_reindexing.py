"""An archive that an earlier version indexed is found by the words of this one, soon and without a halt."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from bot.language.folding import index_form, quick_fold
from bot.model import Phrase, Viewer
from bot.store.articles import reindexing
from bot.store.articles.text_index import Text, text_index
from bot.store.doctor import examine
from bot.store.schema import articles, notes
from tests.store.conftest import NOW, World, draft, folder

LETTERS = "Støre Ørsted Łódź Đà Nẵng Ħal straße naïve İzmir ŉ ß ﬁ Ａｂｃ ｶﾞ が 한국 한국 ข่าวเกาหลี ພາສາລາວ မြန်မာ ខ្មែរ 北朝鮮 हिन्दी N.K. U.S.A. don’t co\u00adop Ракеты a\u200fb ½ 10,000"
FOLDED = "498dc6c3ab63fe58"
"""What these letters are folded to at the form of the index that is in force."""


@pytest.fixture
async def archive(terminal: World) -> World:
    """Make an archive of five articles on Støre as an earlier version has indexed it, and one that came since."""
    [source] = await terminal.follow(folder())
    await terminal.poll(source, *(draft(number, text="Støre spoke.") for number in range(1, 6)))
    await terminal.store._database.write(_index_as_before)
    await terminal.poll(source, draft(6, text="Støre spoke."))
    return terminal


def _index_as_before(conn: sa.Connection) -> None:
    index, ids = text_index(conn), list(conn.scalars(sa.select(articles.c.id)))
    index.drop(conn, ids)
    index.add(conn, [Text(article_id=one, title="Title", text="St re spoke.") for one in ids])
    conn.execute(sa.update(notes).where(notes.c.key == "text index").values(value=f"{reindexing.FORM} up to {max(ids)}"))


async def found(world: World) -> int:
    return len(await world.store.archive.candidates(Viewer(), Phrase("Store"), since=None, limit=10))


async def laws(world: World, *, mend: bool) -> dict[str, int]:
    return {one.law: one.broken for one in examine(world.store._database, now=NOW, mend=mend) if one.broken}


async def test_a_running_bot_indexes_the_archive_anew(archive: World) -> None:
    """Step by step the newest come first, until nothing is left to do."""
    seen = [await found(archive)]

    for _ in range(4):
        await archive.store.reindexing.step(now=NOW, most=2)
        seen.append(await found(archive))

    assert seen == [1, 3, 5, 6, 6]
    assert await laws(archive, mend=False) == {}


async def test_the_doctor_indexes_the_archive_anew(archive: World) -> None:
    """It says how many articles are indexed as before, and mends them at once where it may."""
    law = "The index folds words as searches do."

    looked, mended, left = [await laws(archive, mend=mend) for mend in (False, True, False)]

    assert (looked, mended, left) == ({law: 5}, {law: 5}, {})
    assert await found(archive) == 6


async def test_words_that_fold_otherwise_again_have_everything_indexed_anew(archive: World) -> None:
    """An index of another form is no more to be trusted than one before the first."""
    older = sa.update(notes).where(notes.c.key == "text index").values(value="1 up to 0")
    await archive.store._database.write(lambda conn: conn.execute(older))

    assert await laws(archive, mend=False) == {"The index folds words as searches do.": 6}


def test_whoever_changes_how_words_fold_counts_the_form_up() -> None:
    """If this fails, words fold otherwise than in the archives that are there: count FORM up, and write the new digest here."""
    folded = index_form(quick_fold(LETTERS))

    assert (reindexing.FORM, hashlib.blake2b(folded.encode(), digest_size=8).hexdigest()) == (2, FOLDED)
