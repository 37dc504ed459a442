"""Web addresses that stand in a text which a person wrote."""

from __future__ import annotations

import re

# What ends an address: spaces, quotes, brackets that open, and Chinese punctuation.
_ENDS = r"\s<>\"'`{}|\\^“”‘’「」『』《》〈〉【】（）［］，。；：！？、…"
_ADDRESS = re.compile(rf"https?://[^{_ENDS}]+", re.IGNORECASE)
_TRAILING = ".,;:!?*_~"
_PAIRS = {")": "(", "]": "["}
_HAN = re.compile(r"(?<=[0-9A-Za-z.~&#+@])[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff].*")
TYPED_WITHIN = 2_000
"""Characters: in a longer text something was pasted or piped in, whose links nobody typed."""


def web_addresses(text: str) -> tuple[str, ...]:
    """The http and https addresses in ``text``, each once, in order; none in more than ``TYPED_WITHIN`` characters.

    The sentence's own punctuation after an address is left out, and so is Chinese text that follows without a
    space; Chinese after ``/``, ``=``, ``_``, ``-`` or ``%`` is part of the address.
    """
    if len(text) > TYPED_WITHIN:
        return ()
    return tuple(dict.fromkeys(found for match in _ADDRESS.findall(text) if (found := _trimmed(match))))


def _trimmed(address: str) -> str:
    address = _HAN.sub("", address)
    while address and (address[-1] in _TRAILING or _unopened(address)):
        address = address[:-1]
    return address if address.partition("://")[2] else ""


def _unopened(address: str) -> bool:
    last = address[-1]
    return last in _PAIRS and address.count(last) > address.count(_PAIRS[last])
