"""Which KV cells can be used again: the slots of running and of finished sequences, by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mm_orch.engine.decoder import Cells, Scales

# A finished sequence that a new one goes on from is taken over if no more than this many tokens are lost by it.
_WORTH_KEEPING = 32


@dataclass(slots=True)
class _Entry:
    """What a slot holds. ``tokens`` of a running sequence is its own list, of which ``computed`` are in cells."""

    tokens: list[int]
    computed: int
    key: Scales
    used: int
    is_live: bool


class PrefixCache:
    """Hands out ``n_slots`` sequence ids, each with the longest prefix that is already there.

    ``rolls_back`` is False for models whose state cannot be cut at a position: for them a finished sequence is used
    again only whole.
    """

    def __init__(self, cells: Cells, n_slots: int, *, rolls_back: bool = True) -> None:
        self._cells = cells
        self._rolls_back = rolls_back
        self._entries: dict[int, _Entry] = {}
        self._free = list(range(n_slots - 1, -1, -1))
        self._clock = 0

    def acquire(self, tokens: list[int], key: Scales) -> tuple[int, int]:
        """A slot for a new sequence of ``tokens``, and how many of them it holds already; always fewer than all."""
        source, shared = self._longest(tokens, key)
        if source is not None and self._is_spent(source, shared):
            slot = source
            self._entries.pop(slot)
            self._cells.remove(slot, shared)
        else:
            slot = self._empty_slot(keep=source)
            if source is not None and source != slot:
                self._cells.copy(source, slot, shared)
                self._entries[source].used = self._tick()
        self._entries[slot] = _Entry(tokens, shared, key, self._tick(), is_live=True)
        return slot, shared

    def advance(self, slot: int, computed: int) -> None:
        """The running sequence in ``slot`` has ``computed`` tokens in cells now."""
        self._entries[slot].computed = computed

    def retire(self, slot: int) -> None:
        """The sequence in ``slot`` ended; what it computed stays until the room is needed."""
        entry = self._entries[slot]
        if entry.computed == 0:
            self.drop(slot)
            return
        entry.tokens, entry.is_live, entry.used = entry.tokens[: entry.computed], False, self._tick()

    def drop(self, slot: int) -> None:
        """Free the cells and the slot."""
        self._cells.remove(slot)
        del self._entries[slot]
        self._free.append(slot)

    def evict(self) -> bool:
        """Drop the finished sequence that was least recently used; False if there is none."""
        idle = [slot for slot, entry in self._entries.items() if not entry.is_live]
        if not idle:
            return False
        self.drop(min(idle, key=lambda slot: self._entries[slot].used))
        return True

    def fork(self, tokens: list[int]) -> int | None:
        """A slot of its own for ``tokens``, all of which another holds in cells; None if none does."""
        source, shared = self._longest([*tokens, -1], ())
        if source is None or shared < len(tokens):
            return None
        slot = self._empty_slot(keep=source)
        self._cells.copy(source, slot, shared)
        self._entries[slot] = _Entry(list(tokens), shared, (), self._tick(), is_live=False)
        return slot

    def place(self, tokens: list[int], fill: Callable[[int], bool]) -> bool:
        """Let ``fill`` write the cells of ``tokens`` into a slot; whether it did."""
        slot = self._empty_slot(keep=None)
        if fill(slot):
            self._entries[slot] = _Entry(list(tokens), len(tokens), (), self._tick(), is_live=False)
            return True
        self._free.append(slot)
        return False

    def coming(self, tokens: list[int], key: Scales) -> int:
        """How many tokens of ``tokens`` the running sequences will hold too, once they are computed."""
        live = [entry for entry in self._entries.values() if entry.is_live and entry.key == key]
        return max((common_length(entry.tokens, tokens) for entry in live), default=0) if self._rolls_back else 0

    def live_cells(self) -> int:
        """How many cells the running sequences need for the tokens they have; what they share counts once."""
        live = [entry for entry in self._entries.values() if entry.is_live]
        total = 0
        for place, entry in enumerate(live):
            before = (common_length(entry.tokens, other.tokens) for other in live[:place] if other.key == entry.key)
            total += len(entry.tokens) - max(before, default=0)
        return total

    def held(self, tokens: list[int], key: Scales) -> int:
        """How many tokens of ``tokens`` are in cells now."""
        return self._longest(tokens, key)[1]

    def _longest(self, tokens: list[int], key: Scales) -> tuple[int | None, int]:
        best, most = None, 0
        for slot, entry in self._entries.items():
            if entry.key != key:
                continue
            shared = min(common_length(entry.tokens, tokens), entry.computed, len(tokens) - 1)
            if not self._rolls_back and (entry.is_live or shared != entry.computed):
                continue
            if shared > most or (shared == most and shared and not entry.is_live):
                best, most = slot, shared
        return best, most

    def _is_spent(self, slot: int, shared: int) -> bool:
        entry = self._entries[slot]
        lost = entry.computed - shared
        return not entry.is_live and (not self._rolls_back or lost <= min(_WORTH_KEEPING, shared // 2))

    def _empty_slot(self, keep: int | None) -> int:
        if not self._free:
            idle = [slot for slot, entry in self._entries.items() if not entry.is_live and slot != keep]
            self.drop(min(idle, key=lambda slot: self._entries[slot].used))
        return self._free.pop()

    def _tick(self) -> int:
        self._clock += 1
        return self._clock


def common_length(left: Sequence[int], right: Sequence[int]) -> int:
    """How many first tokens two sequences have in common."""
    low, high = 0, min(len(left), len(right))
    if left[:high] == right[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle
    return low
