"""What kind of document a file is, as far as its name tells; its bytes have the last word."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

_KNOWN = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".mdown": "text/markdown",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".rst": "text/plain",
    ".ts": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
}
_NEVER_TEXT = ("image/", "audio/", "video/", "font/")
_NEVER_DOCUMENTS = re.compile(
    r"\.(7z|a|bin|bz2|class|db|dll|dylib|exe|gguf|gz|iso|jar|lib|npy|o|obj|onnx|parquet|pkl|pt|pyc|rar|safetensors|so"
    r"|sqlite|svg|tar|tgz|ttf|whl|woff2?|xz|zip|zst)"
)
_TABLE = mimetypes.MimeTypes()  # the table of Python itself: the same on every machine
PLAIN = frozenset(("text/plain", "text/markdown"))
"""Types that are read as they are, without a parser."""


def media_type(path: Path) -> str:
    """The type that the file's name stands for; empty where it stands for none."""
    ending = path.suffix.lower()
    if ending in _KNOWN:
        return _KNOWN[ending]
    guessed = _TABLE.guess_type(path.name)[0] or ""
    return guessed if guessed.startswith("text/") or guessed.endswith(("xml", "json")) else ""


def is_other(path: Path) -> bool:
    """Whether the name says that this is no document: a picture, a sound, an archive, a program."""
    ending = path.suffix.lower()
    if ending in _KNOWN:
        return False
    guessed = _TABLE.guess_type(path.name)[0] or ""
    return _NEVER_DOCUMENTS.fullmatch(ending) is not None or guessed.startswith(_NEVER_TEXT)
