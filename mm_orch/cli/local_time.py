"""Stored times as a person reads them."""

from __future__ import annotations

from datetime import datetime


def local_time(seconds: float) -> str:
    """Epoch seconds as date and time of day where the user is."""
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")
