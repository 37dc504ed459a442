"""Which of the waiting sequences may start: fair between sessions, where cells and a prefix to share allow it."""

from __future__ import annotations

from collections.abc import Collection

from mm_orch.engine.prefix_cache import PrefixCache
from mm_orch.engine.sequence import Sequence

# Two cold requests that share at least this many tokens: the second waits for the first's and forks them.
_WORTH_WAITING = 16
# Room in cells that a running sequence is expected to need soon.
_CELLS_AHEAD = 64


class Admission:
    """Lets up to ``n_live`` sequences run together over ``n_cells`` cells."""

    def __init__(self, cache: PrefixCache, n_live: int, n_cells: int) -> None:
        self._cache = cache
        self._n_live = n_live
        self._n_cells = n_cells

    def next(self, waiting: Collection[Sequence], running: Collection[Sequence]) -> Sequence | None:
        """The sequence to start now: of the session that has the least running, the one that came first."""
        if not waiting or len(running) >= self._n_live:
            return None
        for sequence in sorted(waiting, key=lambda one: _n_of_session(one, running)):
            if not self._has_room(sequence, running):
                # Nobody jumps the queue, or a long prompt would wait for ever.
                return None
            if not self._should_wait(sequence):
                return sequence
        return None

    def _should_wait(self, sequence: Sequence) -> bool:
        """Whether a running sequence is about to compute a prefix that this one can fork."""
        coming = min(self._cache.coming(sequence.tokens, sequence.key), len(sequence.tokens) - 1)
        return coming - self._cache.held(sequence.tokens, sequence.key) > _WORTH_WAITING

    def _has_room(self, sequence: Sequence, running: Collection[Sequence]) -> bool:
        """Whether all who run and this one have cells for what they hold, and some to write on."""
        if not running:
            return True
        own = len(sequence.tokens) - self._cache.coming(sequence.tokens, sequence.key)
        ahead = sum(min(one.n_left, _CELLS_AHEAD) for one in [*running, sequence])
        return self._cache.live_cells() + own + ahead <= self._n_cells


def _n_of_session(sequence: Sequence, running: Collection[Sequence]) -> int:
    session = sequence.request.session_id
    return 0 if session is None else sum(other.request.session_id == session for other in running)
