"""Makes the two keys by which exact copies of an article are known: the address without its decoration, and the words."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.language.folding import quick_fold

_ENOUGH = 200
"""Characters of a text that is known by itself; shorter ones recur under other titles."""

_WORD = re.compile(r"\w+")

_PORTS = {"http": 80, "https": 443}

_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_ga|_gl|cmpid|ocid|ref_src|at_medium|at_campaign",
    re.IGNORECASE,
)
"""Parameters that say how somebody came to an article, not which it is."""


def text_hash(title: str, text: str, headless: bool) -> str:
    """Return the same 32 hexadecimal digits for the same words, however they are set, spaced and accented.

    A title says nothing where it was taken from the text, or where the text is long enough by itself.
    """
    is_enough = headless or len(text) >= _ENOUGH
    words = _WORD.findall(quick_fold(text if is_enough else f"{title}\n{text}"))
    return hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def canonical_url(url: str) -> str:
    """Return an address in the form in which addresses are compared; empty where there is none of the web."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    scheme, host = parts.scheme.casefold(), (parts.hostname or "").rstrip(".")
    if scheme not in _PORTS or not host:
        return ""
    where = host if port in {None, _PORTS[scheme]} else f"{host}:{port}"
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(key)]
    query = f"?{urlencode(kept)}" if kept else ""
    # The same page is served under both schemes.
    return f"https://{where}{parts.path.rstrip('/')}{query}"
