"""What kind of document a file is, as far as its name tells; its bytes have the last word."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from mm_orch.documents.media_type import MARKDOWN, of_name

_NEVER_TEXT = ("image/", "audio/", "video/", "font/")
_NEVER_DOCUMENTS = re.compile(
    r"\.(7z|a|bin|bz2|class|db|dll|dylib|exe|gguf|gz|iso|jar|lib|npy|o|obj|onnx|parquet|pkl|pt|pyc|rar|safetensors|so"
    r"|sqlite|svg|tar|tgz|ttf|whl|woff2?|xz|zip|zst)"
)
_TABLE = mimetypes.MimeTypes()  # the table of Python itself: the same on every machine
PLAIN = frozenset(("text/plain", MARKDOWN))
"""Types that are read as they are, without a parser."""


def media_type(path: Path) -> str:
    """The type that the file's name stands for; empty where it stands for none that is read."""
    guessed = _guessed(path)
    is_text = guessed.startswith("text/") or guessed.endswith(("xml", "json"))
    return of_name(path.name) or (guessed if is_text else "")


def is_other(path: Path) -> bool:
    """Whether the name says that this is no document: a picture, a sound, an archive, a program."""
    never = _NEVER_DOCUMENTS.fullmatch(path.suffix.lower()) is not None or _guessed(path).startswith(_NEVER_TEXT)
    return never and not of_name(path.name)


def _guessed(path: Path) -> str:
    return _TABLE.guess_type(path.name)[0] or ""
