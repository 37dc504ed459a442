"""What an answer of a provider's API means: its data, or the error that says what went wrong and what to do."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from mm_orch.errors import RateLimited, SearchError
from mm_orch.providers.search_hits import plain
from mm_orch.providers.search_http import ELSEWHERE, ApiAnswer
from mm_orch.providers.search_key import ApiKey
from mm_orch.providers.search_spacing import duration

_REASON_LENGTH = 200
_LATER = "Wait that long, or name another provider with --search"
_WHERE_REASONS_ARE = ("detail", "error", "message", "msg", "code")


def understood(answer: ApiAnswer, key: ApiKey) -> Mapping[str, Any]:
    """The JSON object that a provider with a key answered.

    Raises ``RateLimited`` when it asks to wait, ``SearchError`` when it refuses the key or the request, fails, or
    answers something else.
    """
    data = answer.json()
    reason = key.hidden_in(_reason(data))
    refuse(key, answer.status, reason, wait_s(answer.headers))
    if isinstance(data, Mapping):
        return data
    what = "a web page" if answer.is_html else "something that is no JSON object"
    raise SearchError(f"{key.provider} answered {what} instead of results", hint=ELSEWHERE)


def refuse(key: ApiKey, status: int, reason: str, wait: float | None) -> None:
    """Raise what ``status`` stands for, unless it is success. ``wait`` is in seconds, None when not said."""
    said = f": {reason}" if reason else ""
    if 200 <= status < 300:
        return
    if status == 429:
        raise asked_to_wait(key.provider, wait, said)
    if status == 401:
        hint = f"Set {key.variable} to a key that is valid; keys are at {key.page}"
        raise SearchError(f"{key.provider} refused the key in {key.variable}{said}", hint=hint)
    if status in (402, 403):
        hint = f"See what the key in {key.variable} may do, and what is left of it, at {key.page}"
        raise SearchError(f"{key.provider} refused the key in {key.variable} ({status}){said}", hint=hint)
    if status >= 500:
        raise SearchError(f"{key.provider} failed ({status}){said}", hint="Try again later")
    raise SearchError(f"{key.provider} refused the search ({status}){said}", hint=ELSEWHERE)


def asked_to_wait(provider: str, wait: float | None, said: str = "") -> RateLimited:
    """The error for a provider that wants no more questions for ``wait`` seconds; None when it did not say."""
    how_long = f" {duration(wait)}" if wait else ""
    hint = _LATER if wait else "Wait a minute, or name another provider with --search"
    return RateLimited(f"{provider} asks to wait{how_long}{said}", hint=hint, wait_s=wait)


def wait_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` or ``X-RateLimit-Reset`` ask to wait; None where neither says."""
    said = headers.get("retry-after", "").strip()
    seconds = _seconds(said)
    if seconds is None and said:
        seconds = _until(said)
    if seconds is not None:
        return seconds
    resets = [_seconds(part) for part in headers.get("x-ratelimit-reset", "").split(",")]
    left = [_seconds(part) for part in headers.get("x-ratelimit-remaining", "").split(",")]
    # One number for each window (a second, a month): those with nothing left count.
    used_up = [reset for reset, rest in zip(resets, left, strict=False) if reset is not None and rest == 0]
    return max(used_up, default=None) if used_up else next(iter(resets), None)


def entries(data: Mapping[str, Any], path: Sequence[str], provider: str) -> Iterator[Mapping[str, Any]]:
    """The objects in the list at ``path``; none where the path ends early, as it does when nothing was found.

    Raises ``SearchError`` when something else is there.
    """
    place: Any = data
    for name in path:
        if not isinstance(place, Mapping):
            break
        place = place.get(name)
        if place is None:
            return
    if not isinstance(place, list):
        raise SearchError(f"{provider} answered in a form that is not the documented one", hint=ELSEWHERE)
    yield from (entry for entry in place if isinstance(entry, Mapping))


def _reason(data: object) -> str:
    """The provider's own words, wherever in its answer they stand."""
    for _ in range(3):
        if isinstance(data, Mapping):
            data = next((data[name] for name in _WHERE_REASONS_ARE if data.get(name)), None)
    return plain(data, _REASON_LENGTH).rstrip(".。")


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _until(date: str) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
