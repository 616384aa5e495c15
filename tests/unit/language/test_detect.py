"""Laws of telling a language."""

from __future__ import annotations

import pytest

from bot.language.detect import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("The ministry said on Monday that talks would go on.", "en", id="english"),
        pytest.param("北朝鮮がミサイルを発射した", "ja", id="japanese"),
        pytest.param("북한이 미사일을 발사했다", "ko", id="korean"),
        pytest.param("Le ministère a dit lundi\nque les pourparlers continueraient.", "fr", id="french over two lines"),
        pytest.param(
            "The ships that came with the tide went from the port, which lay still, said the pilot.", "en", id="plainly english"
        ),
        pytest.param(
            "De schepen die met het tij kwamen, zei de loods, lagen the whole day in the haven.", "nl", id="quoting english"
        ),
        pytest.param("Missile", "", id="too short"),
        pytest.param("123 456 789 101 112 131 415", "", id="numbers"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_tells_the_language_where_it_is_sure(text: str, language: str) -> None:
    """The language is named where there is enough text to tell, else nothing is claimed."""
    assert language == language_of(text)
