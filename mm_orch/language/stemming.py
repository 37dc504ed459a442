"""English words without their endings (Snowball's English stemmer, "Porter 2")."""

from __future__ import annotations

import functools


@functools.lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """The part of an English word that its forms share: ``crossing`` and ``crosses`` are ``cross``."""
    import snowballstemmer

    # A stemmer is made for each word that is new: it takes 12 µs, and one that threads share mixes their words up.
    return str(snowballstemmer.stemmer("english").stemWord(word))
