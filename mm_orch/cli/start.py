"""The program's start, in which ``main`` keeps the garbage collector off."""

from __future__ import annotations

import gc


def over() -> None:
    """From here on memory is looked after; what the start made stays."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
