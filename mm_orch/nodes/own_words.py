"""What a model may not bring into an answer: addresses, links and pictures that nobody gave it."""

from __future__ import annotations

import re

_NAME = r"[a-z0-9](?:[a-z0-9-]{0,62})"
_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\s?\(([^)\n]{0,2000})\)")
_ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+.-]{{1,15}}://|www\.|mailto:|javascript:|data:[a-z]+/)[^\s<>\"'`，。；！？、）】」』》]+"
    rf"|[a-z0-9._%+-]{{1,64}}@{_NAME}(?:\.{_NAME}){{1,4}}"
    rf"|(?<![\w.@/-])(?:{_NAME}\.){{1,5}}(?:com|org|net|io|cn|ai|app|dev|info|ru|co|gov|edu|xyz|top|site|test|example)"
    r"(?![\w.-]*\w@)(?:\b(?:[:/][^\s<>\"'`，。；！？、）】」』》]*)?)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<\|?/?[a-z][^<>\n]{0,200}>", re.IGNORECASE)


def without_addresses(text: str, given: str) -> tuple[str, int]:
    """``text`` without addresses, links, pictures and tags that do not stand in ``given``; and how many went."""
    removed = 0

    def keep(match: re.Match[str], instead: str = "") -> str:
        nonlocal removed
        address = match.group().rstrip(".,;:!?")
        if address.casefold() in allowed:
            return match.group()
        removed += 1
        return instead + match.group()[len(address) :]

    allowed = given.casefold()
    text = _LINK.sub(lambda match: keep(match, match[1]), text)
    text = _ADDRESS.sub(keep, text)
    text = _TAG.sub(keep, text)
    return (re.sub(r"\(\s*\)|（\s*）", "", text).strip() if removed else text), removed
