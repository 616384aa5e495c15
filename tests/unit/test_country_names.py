"""The law of the names of states: what Unicode's locale data calls a state is a name of its actor."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale

from bot.config import load
from bot.language.folding import quick_fold

ACTORS = {actor.id: actor for actor in load(Path(__file__).parents[2] / "config", {}).catalogue.actors}

LANGUAGES = ("de", "en", "es", "fr", "ja", "ko", "ru", "zh", "zh_Hant")

EXCEPTIONS = {
    ("india", "ko"): "it is the word for a pavement too",
}
"""Names that are not aliases, with the reason."""

STATES = {
    line.split()[0]: line.split()[1]
    for line in """
    AD andorra
    AE united-arab-emirates
    AF afghanistan
    AG antigua-and-barbuda
    AL albania
    AM armenia
    AO angola
    AR argentina
    AT austria
    AU australia
    AZ azerbaijan
    BA bosnia-and-herzegovina
    BB barbados
    BD bangladesh
    BE belgium
    BF burkina-faso
    BG bulgaria
    BH bahrain
    BI burundi
    BJ benin
    BN brunei
    BO bolivia
    BR brazil
    BS bahamas
    BT bhutan
    BW botswana
    BY belarus
    BZ belize
    CA canada
    CD democratic-republic-of-the-congo
    CF central-african-republic
    CG republic-of-the-congo
    CH switzerland
    CI ivory-coast
    CL chile
    CM cameroon
    CN china
    CO colombia
    CR costa-rica
    CU cuba
    CV cape-verde
    CY cyprus
    CZ czech-republic
    DE germany
    DJ djibouti
    DK denmark
    DM dominica
    DO dominican-republic
    DZ algeria
    EC ecuador
    EE estonia
    EG egypt
    ER eritrea
    ES spain
    ET ethiopia
    FI finland
    FJ fiji
    FM micronesia
    FR france
    GA gabon
    GB united-kingdom
    GD grenada
    GE georgia
    GH ghana
    GM gambia
    GN guinea
    GQ equatorial-guinea
    GR greece
    GT guatemala
    GW guinea-bissau
    GY guyana
    HN honduras
    HR croatia
    HT haiti
    HU hungary
    ID indonesia
    IE ireland
    IL israel
    IN india
    IQ iraq
    IR iran
    IS iceland
    IT italy
    JM jamaica
    JO jordan
    JP japan
    KE kenya
    KG kyrgyzstan
    KH cambodia
    KI kiribati
    KM comoros
    KN saint-kitts-and-nevis
    KP north-korea
    KR south-korea
    KW kuwait
    KZ kazakhstan
    LA laos
    LB lebanon
    LC saint-lucia
    LI liechtenstein
    LK sri-lanka
    LR liberia
    LS lesotho
    LT lithuania
    LU luxembourg
    LV latvia
    LY libya
    MA morocco
    MC monaco
    MD moldova
    ME montenegro
    MG madagascar
    MH marshall-islands
    MK north-macedonia
    ML mali
    MM myanmar
    MN mongolia
    MR mauritania
    MT malta
    MU mauritius
    MV maldives
    MW malawi
    MX mexico
    MY malaysia
    MZ mozambique
    NA namibia
    NE niger
    NG nigeria
    NI nicaragua
    NL netherlands
    NO norway
    NP nepal
    NR nauru
    NZ new-zealand
    OM oman
    PA panama
    PE peru
    PG papua-new-guinea
    PH philippines
    PK pakistan
    PL poland
    PS palestine
    PT portugal
    PW palau
    PY paraguay
    QA qatar
    RO romania
    RS serbia
    RU russia
    RW rwanda
    SA saudi-arabia
    SB solomon-islands
    SC seychelles
    SD sudan
    SE sweden
    SG singapore
    SI slovenia
    SK slovakia
    SL sierra-leone
    SM san-marino
    SN senegal
    SO somalia
    SR suriname
    SS south-sudan
    ST sao-tome-and-principe
    SV el-salvador
    SY syria
    SZ eswatini
    TD chad
    TG togo
    TH thailand
    TJ tajikistan
    TL east-timor
    TM turkmenistan
    TN tunisia
    TO tonga
    TR turkey
    TT trinidad-and-tobago
    TV tuvalu
    TW taiwan
    TZ tanzania
    UA ukraine
    UG uganda
    US united-states
    UY uruguay
    UZ uzbekistan
    VA holy-see
    VC saint-vincent-and-the-grenadines
    VE venezuela
    VN vietnam
    VU vanuatu
    WS samoa
    XK kosovo
    YE yemen
    ZA south-africa
    ZM zambia
    ZW zimbabwe
    """.strip().splitlines()
}


@pytest.mark.parametrize("territory", STATES)
def test_what_a_state_is_called_is_an_alias(territory: str) -> None:
    """In each language of the readers the usual name of a state finds it, if only beside a surer one."""
    actor = ACTORS[STATES[territory]]
    aliases = {quick_fold(alias.text) for alias in actor.aliases}

    missing = {
        language: name
        for language in LANGUAGES
        if (name := Locale.parse(language).territories[territory])
        if quick_fold(name) not in aliases and (actor.id, language) not in EXCEPTIONS
    }

    assert missing == {}


def test_every_state_is_there() -> None:
    """The members of the United Nations, the Holy See, Palestine, Taiwan and Kosovo are 197 actors."""
    assert len(set(STATES.values())) == 197
