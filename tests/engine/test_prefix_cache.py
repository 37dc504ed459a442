"""Cells are used again where they can be, and forgotten in the order of their last use."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mm_orch.engine.prefix_cache import PrefixCache, common_length


class FakeCells:
    """Cells that remember which tokens a sequence would hold."""

    def __init__(self) -> None:
        self.copies: list[tuple[int, int, int]] = []
        self.removed: list[tuple[int, int]] = []

    def remove(self, seq: int, start: int = 0) -> bool:
        self.removed.append((seq, start))
        return True

    def copy(self, source: int, target: int, end: int) -> None:
        self.copies.append((source, target, end))


def _finish(cache: PrefixCache, tokens: list[int], key: tuple[tuple[str, float], ...] = ()) -> int:
    slot, _ = cache.acquire(tokens, key)
    cache.advance(slot, len(tokens))
    cache.retire(slot)
    return slot


def test_a_new_prompt_starts_from_nothing() -> None:
    assert PrefixCache(FakeCells(), 4).acquire([1, 2, 3], ())[1] == 0


def test_the_same_prompt_again_evaluates_only_its_last_token() -> None:
    cache = PrefixCache(FakeCells(), 4)
    _finish(cache, [1, 2, 3])
    assert cache.acquire([1, 2, 3], ())[1] == 2


def test_a_chat_that_goes_on_takes_over_its_own_cells() -> None:
    cells = FakeCells()
    cache = PrefixCache(cells, 4)
    slot = _finish(cache, list(range(100)))
    assert cache.acquire(list(range(120)), ()) == (slot, 100)
    assert cells.copies == []


def test_a_prompt_that_shares_only_a_head_forks_it() -> None:
    cells = FakeCells()
    cache = PrefixCache(cells, 4)
    first = _finish(cache, [*range(100), *range(500, 700)])
    slot, shared = cache.acquire([*range(100), 7, 8], ())
    assert shared == 100
    assert cells.copies == [(first, slot, 100)]


def test_a_running_sequence_is_forked_as_far_as_it_is_computed() -> None:
    cache = PrefixCache(FakeCells(), 4)
    slot, _ = cache.acquire(list(range(50)), ())
    cache.advance(slot, 30)
    assert cache.coming(list(range(50)), ()) == 50
    assert cache.held(list(range(50)), ()) == 30


def test_other_adapters_share_nothing() -> None:
    cache = PrefixCache(FakeCells(), 4)
    _finish(cache, [1, 2, 3])
    assert cache.acquire([1, 2, 3], (("a.gguf", 1.0),))[1] == 0


def test_a_model_that_cannot_be_cut_is_used_again_only_whole() -> None:
    cache = PrefixCache(FakeCells(), 4, rolls_back=False)
    _finish(cache, list(range(10)))
    assert cache.held([*range(5), 99, 98], ()) == 0
    assert cache.acquire(list(range(12)), ())[1] == 10


def test_the_least_recently_used_goes_first() -> None:
    cache = PrefixCache(FakeCells(), 4)
    _finish(cache, [1, *range(100, 200)])
    _finish(cache, [2, *range(100, 200)])
    _finish(cache, [1, *range(100, 200), 5])
    assert cache.evict()
    assert cache.held([2, *range(100, 200)], ()) == 0
    assert cache.held([1, *range(100, 200)], ()) == 100


def test_running_sequences_are_never_evicted() -> None:
    cache = PrefixCache(FakeCells(), 4)
    cache.acquire([1, 2, 3], ())
    assert not cache.evict()


def test_cells_that_are_shared_count_once() -> None:
    cache = PrefixCache(FakeCells(), 4)
    cache.acquire([*range(100), 1], ())
    cache.acquire([*range(100), 2, 3], ())
    assert cache.live_cells() == 103


@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=12), max_size=30))
def test_what_is_promised_is_always_a_prefix_that_a_slot_held(prompts: list[list[int]]) -> None:
    cache = PrefixCache(FakeCells(), 3)
    held: dict[int, list[int]] = {}
    for prompt in prompts:
        slot, shared = cache.acquire(prompt, ())
        assert shared < len(prompt)
        assert shared == 0 or any(tokens[:shared] == prompt[:shared] for tokens in held.values())
        held[slot] = prompt
        cache.advance(slot, len(prompt))
        cache.retire(slot)


@given(st.lists(st.integers(0, 1)), st.lists(st.integers(0, 1)))
def test_the_common_length_is_what_counting_says(left: list[int], right: list[int]) -> None:
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count]:
        count += 1
    assert common_length(left, right) == count
