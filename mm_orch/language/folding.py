"""One form in which texts are compared."""

from __future__ import annotations

import re
import unicodedata

from mm_orch.language.script import simplified

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SIGNS = str.maketrans("’−", "'-")


def fold(text: str) -> str:
    """``text`` as it is compared: as ``visible``, in one case, simplified characters and single spaces."""
    if not text.isascii():
        text = simplified(visible(text).translate(_SIGNS))
    return " ".join(text.casefold().split())


def visible(text: str) -> str:
    """``text`` in one width (NFKC), without what nobody sees: soft hyphens, marks of zero width."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
