"""What a model may not bring into an answer: addresses, links and pictures that nobody gave it."""

from __future__ import annotations

import re
import unicodedata

from mm_orch.language.script import CJK

_NAME = r"[a-z0-9](?:[a-z0-9-]{0,62})"
_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\s?\(((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}|[^)\n]{0,2000})\)")
_ENDS = "\\s<>\"'`“”‘’，。；：！？、…（）【】「」『』《》"
# Chinese or Japanese behind a letter or digit goes on with the sentence, not with the address.
_REST = rf"(?:[^{_ENDS}{CJK}]|(?<![a-z0-9~&#+@:])[{CJK}])"
_ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+.-]{{1,15}}://|https?:[/\\]{{1,2}}|www\.|mailto:|(?:java|vb)script:|data:[a-z]+/)[^{_ENDS}]{_REST}*"
    rf"|[a-z0-9._%+-]{{1,64}}@{_NAME}(?:\.{_NAME}){{1,4}}"
    rf"|(?<![a-z0-9/])(?<![a-z0-9/]_)(?://)?(?:{_NAME}\.){{1,5}}"
    # What is called like these in code, and goes on as code does, is no address: logger.info(x), self.app.run.
    r"(?:com|org|net|io|cn|ai|ru|co|gov|edu|xyz|(?:app|dev|info|top|site|test|example)(?!\.[a-z_]|[(=]))"
    rf"(?!_?[a-z0-9]|[a-z0-9_.-]*[a-z0-9_]@)(?:\.[a-z]{{2}}(?![a-z0-9_]))?(?:[:/]{_REST}*)?",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<\|[^<>\n]{0,60}\|?>|</?[0-9a-f]{8}>|<</?[a-z]{1,20}>>"
    r"|</?(?:s|eos|img|a|script|iframe|object|embed|svg|style|link|meta|form|input|base|system|user|assistant"
    r"|tool\w{0,20})\b[^<>\n]{0,300}>",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"(?<![a-z0-9_])\(\s*\)|（\s*）|<\s*>", re.IGNORECASE)
_TRAILING = ".,;:!?*_~"
_PAIRS = {")": "(", "]": "["}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_SENTENCE_MARKS = "，。；！？、…（）“”‘’"
_ASKS = re.compile(
    r"\b(?:urls?|links?|address(?:es)?|web ?sites?|homepage|e-?mails?)\b"
    "|网址|網址|网站|網站|链接|鏈接|官网|官網|邮箱|地址",
    re.IGNORECASE,
)
_OWN_MACHINE = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?:[/?#]|\Z)", re.I)
_SCHEME = re.compile(r"https?://(?:www\.)?|www\.")
_HOST = re.compile(r"[^/]*[.\]]|localhost\b")


class Given:
    """What was given to a model: which addresses of that an answer may repeat.

    Those of the question may come again. Those of pages only where the question asks for one, or where they are on
    the reader's own machine, as in a manual: a page's links must not become the answer's.
    """

    def __init__(self, question: str, pages: str = "") -> None:
        self._question, self._pages = _folded(question).casefold(), _folded(pages).casefold()
        self._asked = _ASKS.search(self._question) is not None

    def allows(self, address: str) -> bool:
        """Whether an answer may show this address or host."""
        folded = _folded(address).casefold()
        host = _SCHEME.sub("", folded, count=1).rstrip("/")
        if _has(self._question, folded) or (_HOST.match(host) and _has(self._question, host)):
            return True
        return (self._asked or _OWN_MACHINE.match(folded) is not None) and _has(self._pages, folded)


def without_addresses(text: str, given: Given, instead: str = "") -> tuple[str, int]:
    """``text`` without addresses, links, pictures and tags that ``given`` does not allow; and how many went.

    A link leaves its words, an address ``instead``.
    """
    text, removed = _sifted(_CONTROL.sub("", text), given, instead)
    again = removed
    while again:  # What is left may have become one: <scr<script>ipt>.
        text, again = _sifted(_EMPTY.sub("", text).strip(), given, instead)
        removed += again
    return text, removed


def _sifted(text: str, given: Given, instead: str) -> tuple[str, int]:
    removed = 0

    def bare(match: re.Match[str]) -> str:
        address = _trimmed(match.group())
        return match.group() if given.allows(address) else gone(instead + match.group()[len(address) :])

    def link(match: re.Match[str]) -> str:
        target = match[2].strip().strip("<>")
        leads = not match.group().startswith("!") and _ADDRESS.fullmatch(target) and given.allows(target)
        return match.group() if leads or given.allows(match.group()) else gone(match[1])

    def gone(left: str) -> str:
        nonlocal removed
        removed += 1
        return left

    text = _LINK.sub(link, _undisguised(text))
    text = _ADDRESS.sub(bare, text)
    return _TAG.sub(lambda match: match.group() if given.allows(match.group()) else gone(""), text), removed


def _has(text: str, address: str) -> bool:
    """Whether ``address`` stands in ``text`` and not as a part of another host, name or page there."""
    if not address or address not in text:
        return False
    before = r"(?:(?<=www\.)|(?<![a-z0-9_@.-]))" if address[0].isalnum() else ""
    behind = r"(?![a-z0-9_@-]|\.[a-z0-9])" if address[-1].isalnum() else ""
    return re.search(before + re.escape(address) + behind, text) is not None


def _trimmed(address: str) -> str:
    """``address`` without the punctuation of the sentence around it."""
    while address[-1] in _TRAILING or address.count(address[-1]) > address.count(
        _PAIRS.get(address[-1], address[-1])
    ):
        address = address[:-1]
    return address


def _undisguised(text: str) -> str:
    """``text`` in plain characters where full-width or invisible ones hide an address; else as it is."""
    if text.isascii():
        return text
    parts = re.split(f"([{_SENTENCE_MARKS}])", _INVISIBLE.sub("", text))
    folded = "".join(part if part in _SENTENCE_MARKS else _folded(part) for part in parts)
    return folded if _addresses(folded) != _addresses(text) else text


def _addresses(text: str) -> list[str]:
    return [_trimmed(match.group()) for match in _ADDRESS.finditer(text)]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
