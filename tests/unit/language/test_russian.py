"""Laws of declining Russian names."""

from __future__ import annotations

import pytest

from bot.language.russian import declined


@pytest.mark.parametrize(
    ("name", "some"),
    [
        pytest.param("Россия", {"России", "Россию", "Россией"}, id="a state"),
        pytest.param("Иран", {"Ирана", "Ирану", "Ираном", "Иране"}, id="a consonant"),
        pytest.param("Китай", {"Китая", "Китаю", "Китаем", "Китае"}, id="a half vowel"),
        pytest.param("Мексика", {"Мексики", "Мексике", "Мексику", "Мексикой"}, id="after a hissing letter"),
        pytest.param("Северная Корея", {"Северной Кореи", "Северную Корею"}, id="adjective and noun together"),
        pytest.param("Соединенные Штаты", {"Соединенных Штатов", "Соединенными Штатами"}, id="a plural"),
        pytest.param("Республика Корея", {"Республики Кореи", "Республики Корея"}, id="a name beside the word for a state"),
        pytest.param("Зеленский", {"Зеленского", "Зеленскому", "Зеленским"}, id="a surname"),
    ],
)
def test_names_are_found_in_the_cases_of_sentences(name: str, some: set[str]) -> None:
    """A name has the forms of its cases, all its words together."""
    forms = set(declined(name))

    assert some <= forms
    assert name not in forms


@pytest.mark.parametrize("name", ["Чили", "Самоа", "ОБСЕ", "Чад", "Japan", "Türkei", "日本", ""])
def test_what_is_never_declined_has_one_form(name: str) -> None:
    """Names in vowels, abbreviations, short names and names of other scripts have no other form."""
    assert list(declined(name)) == []
