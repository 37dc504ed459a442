"""The kept sessions and runs, for commands that wait for each answer of theirs."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from mm_orch.protocols import Store

T = TypeVar("T")


def stored() -> Store:
    """What is kept; where nothing was yet, no file is made."""
    from mm_orch import parts

    return parts.stored()


def wait(work: Coroutine[Any, Any, T]) -> T:
    """What ``work``, a call of a store, comes to."""
    from mm_orch.workflows import background

    return background.run(work)
