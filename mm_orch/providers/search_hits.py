"""What providers answer, made into hits: web addresses only, plain one-line texts, each page once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mm_orch.records.search import Hit, SearchQuery
from mm_orch.words import say

QUERY_LENGTH = 400  # characters; Brave and Tavily refuse a longer query, other engines cut it
_TITLE_LENGTH = 200
_SNIPPET_LENGTH = 1000
_URL_LENGTH = 2000
_READ = 20_000  # characters of a text that are looked at
# The names are listed: in "a <b and c> d" or "std::vector<int>" the brackets are the text's own.
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|div|em|font|h[1-6]|hr|i|img|li|mark|ol|p|s|script|small|span|strong|style|sub|sup"
    r"|table|tbody|td|th|tr|tt|u|ul|wbr)\b[^<>]{0,2000}>|<!--.{0,2000}?-->",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_TRACKING = re.compile(r"utm_\w+|gclid|fbclid|msclkid|yclid", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


def hits(
    found: Iterable[Mapping[str, Any]], names: tuple[str, str, str], limit: int, provider: str
) -> tuple[Hit, ...]:
    """At most ``limit`` hits; ``names`` are the keys of address, title and text in each entry of ``found``.

    What is no address of a web page is left out, and so is a page that an earlier entry has named.
    """
    pages: dict[str, Hit] = {}
    for entry in found:
        url, title, snippet = (entry.get(name) for name in names)
        page = same_page(url)
        if page is not None and isinstance(url, str):
            shown = plain(title, _TITLE_LENGTH) or url.strip()
            pages.setdefault(page, Hit(url.strip(), shown, plain(snippet, _SNIPPET_LENGTH), provider))
    return tuple(pages.values())[:limit]


def plain(text: object, length: int) -> str:
    """``text`` on one line, without markup, control and invisible characters, cut to ``length`` characters."""
    if not isinstance(text, str):
        return ""
    bare = unescape(_TAG.sub("", text[:_READ]))
    seen = "".join(" " if character.isspace() else character for character in bare if _is_seen(character))
    line = " ".join(seen.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def same_page(url: object) -> str | None:
    """A form of ``url`` that is the same for two spellings of one page; None for what is no web address.

    Fragment, tracking parameters, the scheme's own port and the host's case make no difference.
    """
    if not isinstance(url, str) or not url.isprintable() or len(url) > _URL_LENGTH:
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None or " " in parts.netloc:
        return None
    host = parts.hostname if port in (None, _PORTS[parts.scheme]) else f"{parts.hostname}:{port}"
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name)]
    return urlunsplit(("", host, parts.path or "/", urlencode(kept), ""))


def asked(query: SearchQuery, provider: str, words: int | None = None) -> tuple[str, tuple[str, ...]]:
    """The query as it is sent, on one line and no longer than engines take, and a warning when it was cut.

    ``words`` is the most words that the provider takes, None for any number.
    """
    line = plain_query(query.text)
    sent = line[:QUERY_LENGTH]
    if words is not None:
        sent = " ".join(sent.split(" ")[:words])
    if sent == line:
        return sent, ()
    return sent, (say("warning.query_cut", query.language, provider=provider, count=len(sent)),)


def plain_query(text: str) -> str:
    """``text`` on one line, without characters that no keyboard writes."""
    kept = (character if not character.isspace() else " " for character in text)
    return " ".join("".join(character for character in kept if _is_seen(character)).split())


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _CONTROL
