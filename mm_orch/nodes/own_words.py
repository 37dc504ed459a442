"""What a model may not bring into an answer: addresses, links and pictures that nobody gave it."""

from __future__ import annotations

import re
import unicodedata

_NAME = r"[a-z0-9](?:[a-z0-9-]{0,62})"
_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\s?\(([^)\n]{0,2000})\)")
_ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+.-]{{1,15}}://|www\.|mailto:|javascript:|data:[a-z]+/)[^\s<>\"'`，。；！？、）】」』》]+"
    rf"|[a-z0-9._%+-]{{1,64}}@{_NAME}(?:\.{_NAME}){{1,4}}"
    rf"|(?<![\w.@/-])(?:{_NAME}\.){{1,5}}(?:com|org|net|io|cn|ai|app|dev|info|ru|co|gov|edu|xyz|top|site|test|example)"
    r"(?![\w.-]*\w@)(?:\b(?:[:/][^\s<>\"'`，。；！？、）】」』》]*)?)",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<\|[^<>\n]{0,60}\|?>|</?[0-9a-f]{8}>|<</?[a-z]{1,20}>>"
    r"|</?(?:s|eos|img|a|script|iframe|object|embed|svg|style|link|meta|form|input|base|system|user|assistant"
    r"|tool\w{0,20})\b[^<>\n]{0,300}>",
    re.IGNORECASE,
)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_ASKS = re.compile(
    r"\b(?:urls?|links?|address(?:es)?|web ?sites?|homepage|e-?mails?)\b"
    "|网址|網址|链接|鏈接|官网|官網|邮箱|地址",
    re.IGNORECASE,
)
_OWN_MACHINE = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|\Z)", re.I)


class Given:
    """What was given to a model: which addresses of that an answer may repeat.

    Those of the question may come again. Those of pages only where the question asks for one, or where they are on
    the reader's own machine, as in a manual: a page's links must not become the answer's.
    """

    def __init__(self, question: str, pages: str = "") -> None:
        self._question, self._pages = question.casefold(), pages.casefold()
        self._asked = _ASKS.search(question) is not None

    def allows(self, address: str) -> bool:
        folded = address.casefold()
        if folded in self._question:
            return True
        return folded in self._pages and (self._asked or _OWN_MACHINE.match(folded) is not None)


def without_addresses(text: str, given: Given, instead: str = "") -> tuple[str, int]:
    """``text`` without addresses, links, pictures and tags that ``given`` does not allow; and how many went.

    A link leaves its words, an address ``instead``.
    """
    removed = 0

    def keep(match: re.Match[str], left: str = instead) -> str:
        nonlocal removed
        address = match.group().rstrip(".,;:!?")
        if given.allows(address):
            return match.group()
        removed += 1
        return left + match.group()[len(address) :]

    text = _undisguised(_CONTROL.sub("", text))
    text = _LINK.sub(lambda match: keep(match, match[1]), text)
    text = _ADDRESS.sub(keep, text)
    text = _TAG.sub(lambda match: keep(match, ""), text)
    return (re.sub(r"\(\s*\)|（\s*）", "", text).strip() if removed else text), removed


def _undisguised(text: str) -> str:
    """``text`` in plain characters where full-width or invisible ones hide an address; else as it is."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return folded if len(_ADDRESS.findall(folded)) > len(_ADDRESS.findall(text)) else text
