"""How likely a written token was, and which others were."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """``logprob`` is natural, before sampling settings; ``top`` are the likeliest tokens, best first."""

    token: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()
