"""Takes out of an extracted text what is not the article's: its title again, calls to subscribe, lists of other articles."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

_OPENING = 6
"""Lines among which the title may stand again, after a section or a date."""
_CLOSING = 10
"""Lines at the end, among which people are asked for something."""
_SENTENCE = 120
"""Characters from which a line is taken for a sentence of the article, not for a caption of the page."""
_NOTE = 300
"""Characters of the longest request."""
_POINTER = 200
_FEWEST_LINKS = 3
"""So many lines after each other that are nothing but links are a list of other articles; at the end, one is."""

_REQUEST = re.compile(
    r"""\b(?:subscribe\ (?:to|now|today|here)|sign(?:ing)?\ up|newsletters?|follow\ (?:us|@?\w+\ on)|click\ here|have\ a\ tip
    |all\ rights\ reserved|may\ be\ reached\ at|terms\ of\ (?:use|service)|privacy\ policy|your\ subscription
    |share\ (?:this|on)|tell\ us\ what\ you\ think|try\ again\ later|has\ been\ sent\ to)\b
    | © | \(c\)\ ?\d{4}
    | ^\W*(?:\d+\ )?comments?\W*$
    | ^(?:e-?mail|write\ to|contact)\ .{0,60}@
    | ^copyright\b
    | ^(?:print|share|save|thank\ you|sorry)\b.{0,20}$""",
    re.IGNORECASE | re.VERBOSE,
)
_POINTS_ON = re.compile(
    r"""^\W*(?:related|read\ (?:more|next|also)|also\ read|see\ also|more\ (?:on\ this|from)|recommended|you\ may\ also\ like
    |lees\ ook|lesen\ sie\ auch|mehr\ zum\ thema|lire\ aussi|à\ lire\ aussi|leggi\ anche|l[ée]a\ también|lee\ también
    |leia\ (?:também|mais)|veja\ também|läs\ också|les\ også|læs\ også|czytaj\ też|читайте\ также)\b[^:]{0,30}(?::|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_WORDS = re.compile(r"\w+")


def article_lines(text: str, *, titles: AbstractSet[str], links: AbstractSet[str]) -> list[str]:
    """Return the lines of a text that belong to the article; `titles` and `links` are those of its page, as `folded` gives them."""
    lines = [line for raw in text.split("\n") if (line := raw.strip())]
    lines = _after_title(lines, titles)
    lines = [line for line in lines if len(line) > _POINTER or not _POINTS_ON.match(line)]
    end = max(0, len(lines) - _CLOSING)
    lines = lines[:end] + [line for line in lines[end:] if len(line) > _NOTE or not _REQUEST.search(line)]
    return _without_lists(lines, links)


def folded(text: str) -> str:
    """Return the words of a line alone, in small letters, so that lines can be compared."""
    return " ".join(_WORDS.findall(text.casefold()))


def _after_title(lines: list[str], titles: AbstractSet[str]) -> list[str]:
    """Cut a text behind its title, unless a sentence stands before it."""
    for number, line in enumerate(lines[:_OPENING]):
        words = folded(line)
        # A page's own title often goes on with the name of the site.
        if words in titles or (len(words) > 20 and any(title.startswith(f"{words} ") for title in titles)):
            return lines[number + 1 :]
        if len(line) > _SENTENCE:
            break
    return lines


def _without_lists(lines: list[str], links: AbstractSet[str]) -> list[str]:
    kept: list[str] = []
    run: list[str] = []
    for line in lines:
        if folded(line) in links:
            run.append(line)
            continue
        kept += run if len(run) < _FEWEST_LINKS else []
        run = []
        kept.append(line)
    return kept  # without a run at the end
