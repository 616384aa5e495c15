"""The words that stand in nearly every English article: alone they tell nothing."""

from __future__ import annotations

import re

from bot.language.folding import quick_fold

_WORD = re.compile(r"\w+")

COMMON = frozenset(
    word
    for line in (
        "a about above according across add after again against ago all along also although always am among an and",
        "another any are around as ask at away back bad be because become been before began begin behind being below best",
        "better between big both bring but by call came can case change come could day days did different do does done",
        "down during each early either even ever every far few find first five for former four friday from full gave get",
        "give go good got great had has have he head her here high him his hour how however i if in into is issue it its",
        "itself just keep know last late later least left less let life like little local long look lot made main make",
        "many march may me mean meanwhile might monday month more morning most move much must my name near need never new",
        "news next night no none nor not note nothing now of off often on once one only or other our out over own past",
        "per percent put quite rather reach really right said same saturday say second see seen set several shall she",
        "should show side since six small so some something soon still such sunday take tell ten than that the their them",
        "then there these they thing think this those three through thursday thus time to today together told tomorrow",
        "too took toward tuesday two under until up upon us use very want was way we wednesday week well went were what",
        "when where whether which while who whole whose why will with within without would write year yesterday yet you",
        "young your",
    )
    for word in line.split()
)


def is_common(words: str) -> bool:
    """Tell whether a phrase holds none but common words, and so stands in nearly every article."""
    found = _WORD.findall(quick_fold(words))
    return bool(found) and all(word in COMMON for word in found)
