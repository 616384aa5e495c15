"""The languages a query can ask for: ISO 639-1 codes with their English names in small letters."""

from __future__ import annotations

_TABLE = """
af afrikaans, am amharic, ar arabic, az azerbaijani, be belarusian, bg bulgarian, bn bengali, bs bosnian, ca catalan,
cs czech, cy welsh, da danish, de german, el greek, en english, eo esperanto, es spanish, et estonian, eu basque,
fa persian, fi finnish, fr french, ga irish, gl galician, gu gujarati, he hebrew, hi hindi, hr croatian, hu hungarian,
hy armenian, id indonesian, is icelandic, it italian, ja japanese, ka georgian, kk kazakh, km khmer, kn kannada,
ko korean, ku kurdish, ky kyrgyz, lo lao, lt lithuanian, lv latvian, mk macedonian, ml malayalam, mn mongolian,
mr marathi, ms malay, my burmese, ne nepali, nl dutch, no norwegian, pa punjabi, pl polish, ps pashto, pt portuguese,
ro romanian, ru russian, si sinhala, sk slovak, sl slovenian, so somali, sq albanian, sr serbian, sv swedish,
sw swahili, ta tamil, te telugu, tg tajik, th thai, tk turkmen, tl tagalog, tr turkish, ug uyghur, uk ukrainian,
ur urdu, uz uzbek, vi vietnamese, yi yiddish, zh chinese
"""

LANGUAGES = {entry.split()[0]: entry.split()[1] for entry in _TABLE.split(",")}
"""Those that the detector knows and that have a written press."""


def name_of(code: str) -> str:
    """Return the English name of a language, or its code where it has none here."""
    return LANGUAGES.get(code, code).capitalize()
