"""The names that dates are written with: months in the languages of our sources, and zones with their hours from UTC."""

from __future__ import annotations

import unicodedata
from itertools import chain

_MONTH_NAMES = (
    """jan january januar janvier enero gennaio janeiro januari ianuarie leden ledna januára stycznia styczeń ocak січня январь января
    януари јануар január tammikuu tammikuuta ιανουάριος ιανουαρίου ינואר يناير जनवरी""",
    """feb february februar février febrero febbraio fevereiro februari februarie únor února lutego luty şubat лютого февраль февраля
    февруари фебруар február helmikuu helmikuuta φεβρουάριος φεβρουαρίου פברואר فبراير फ़रवरी""",
    """mar march märz mars marzo março maart mrt maret martie březen března marca marzec mart березня март марта
    március maaliskuu maaliskuuta μάρτιος μαρτίου מרץ مارس मार्च""",
    """apr april avril abril aprile aprilie duben dubna kwietnia kwiecień nisan квітня апрель апреля април
    április huhtikuu huhtikuuta απρίλιος απριλίου אפריל أبريل अप्रैल""",
    """may mai mayo maggio maio mei mei květen května maja mayıs травня май мая мај május toukokuu toukokuuta μάιος μαΐου
    מאי مايو मई""",
    """jun june juni juin junio giugno junho iunie červen června czerwca czerwiec haziran червня июнь июня юни јун
    június kesäkuu kesäkuuta ιούνιος ιουνίου יוני يونيو जून""",
    """jul july juli juillet julio luglio julho iulie červenec července lipca lipiec temmuz липня июль июля юли јул
    július heinäkuu heinäkuuta ιούλιος ιουλίου יולי يوليو जुलाई""",
    """aug august août agosto augustus agustus srpen srpna sierpnia sierpień ağustos серпня август августа
    augusztus elokuu elokuuta αύγουστος αυγούστου אוגוסט أغسطس अगस्त""",
    """sep september septembre septiembre settembre setembro septembrie září września wrzesień eylül вересня сентябрь сентября
    септември септембар szeptember syyskuu syyskuuta σεπτέμβριος σεπτεμβρίου ספטמבר سبتمبر सितंबर""",
    """oct october oktober octobre octubre ottobre outubro octombrie říjen října października październik ekim жовтня октябрь октября
    октомври октобар október lokakuu lokakuuta οκτώβριος οκτωβρίου אוקטובר أكتوبر अक्टूबर""",
    """nov november novembre noviembre novembro noiembrie listopadu listopada kasım листопада ноябрь ноября
    ноември новембар marraskuu marraskuuta νοέμβριος νοεμβρίου נובמבר نوفمبر नवंबर""",
    """dec december dezember décembre diciembre dicembre dezembro decembrie desember prosinec prosince grudnia grudzień aralık грудня
    декабрь декабря декември децембар joulukuu joulukuuta δεκέμβριος δεκεμβρίου דצמבר ديسمبر दिसंबर""",
)
_SHORTEST = 3

ZONES = {
    "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "ART": -3,
    "GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "SAST": 2, "CAT": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "EAT": 3, "GST": 4, "PKT": 5, "IST": 5.5,
    "ICT": 7, "WIB": 7, "SGT": 8, "HKT": 8, "PHT": 8, "AWST": 8, "KST": 9, "JST": 9, "VLAT": 10,
    "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Hours from UTC; where a name is used twice (CST, IST, BST), what feeds mean by it more often."""


def plain(word: str) -> str:
    """Return a word without case and accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("ı", "i")


def _abbreviations() -> dict[str, int]:
    """Give every name, and every beginning of one that belongs to one month only, its month."""
    meant: dict[str, set[int]] = {}
    for month, names in enumerate(_MONTH_NAMES, start=1):
        for name in map(plain, names.split()):
            for end in range(_SHORTEST, len(name) + 1):
                meant.setdefault(name[:end], set()).add(month)
    whole = {plain(name): month for month, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
    clear = {word: min(months) for word, months in meant.items() if len(months) == 1}
    return dict(chain(clear.items(), whole.items()))


MONTHS = _abbreviations()
"""Months by name or abbreviation of three letters or more, as `plain` writes them."""
