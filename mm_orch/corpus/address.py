"""How a document is named: a file by its path, a page of the web by its URL, MuAI's own by ``muai:NAME``.

Paths are written so that they can be stored and stand in a line of text; ``corpus:`` before an address makes the
URL under which the document is found and read.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

SCHEME = "corpus"
OWN = "muai:"
_WEB = re.compile(r"https?://", re.IGNORECASE)
# What breaks a line or ends a word, bytes that are no text, and the sign of the encoding itself.
_ENCODED = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff%]")


def is_web(text: str) -> bool:
    """Whether ``text`` is the URL of a page of the web and not a path."""
    return _WEB.match(text) is not None


def of_path(path: Path) -> str:
    """The address of the file or folder at the absolute ``path``."""
    return _ENCODED.sub(lambda found: "".join(f"%{byte:02X}" for byte in os.fsencode(found[0])), str(path))


def path_of(address: str) -> Path:
    """The file that ``address`` names; the other way round than ``of_path``."""
    return Path(os.fsdecode(unquote_to_bytes(address)))


def url_of(address: str) -> str:
    """The URL of the document in answers and for fetching."""
    return f"{SCHEME}:{address}"


def of_url(url: str) -> str:
    """The address in a URL made by ``url_of``."""
    return url.removeprefix(f"{SCHEME}:")


def shown(address: str) -> str:
    """The address as the user knows it: a path or a URL."""
    return address if is_web(address) or address.startswith(OWN) else str(path_of(address))
