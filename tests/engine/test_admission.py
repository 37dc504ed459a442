"""Who may start: fair, where there is room, and not before a prefix that can be shared is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from mm_orch.engine.admission import Admission
from mm_orch.engine.prefix_cache import PrefixCache
from mm_orch.engine.sequence import Sequence
from mm_orch.records.generation import GenerationRequest
from tests.engine.test_prefix_cache import FakeCells


@dataclass(eq=False)
class FakeSequence:
    """As much of a sequence as admission looks at."""

    tokens: list[int]
    session: str | None = None
    n_left: int = 10
    key: tuple[tuple[str, float], ...] = ()

    @property
    def request(self) -> GenerationRequest:
        return GenerationRequest("", session_id=self.session)


def _next(admission: Admission, waiting: list[FakeSequence], running: list[FakeSequence]) -> FakeSequence | None:
    found: Any = admission.next(cast("list[Sequence]", waiting), cast("list[Sequence]", running))
    return cast("FakeSequence | None", found)


def _start(cache: PrefixCache, sequence: FakeSequence) -> int:
    return cache.acquire(sequence.tokens, sequence.key)[0]


def test_the_first_to_come_is_the_first_to_start() -> None:
    one, two = FakeSequence([1]), FakeSequence([2])
    assert _next(Admission(PrefixCache(FakeCells(), 8), 4, 100), [one, two], []) is one


def test_a_session_with_nothing_running_goes_before_one_that_has() -> None:
    cache = PrefixCache(FakeCells(), 8)
    busy, again, other = FakeSequence([1], "a"), FakeSequence([2], "a"), FakeSequence([3], "b")
    _start(cache, busy)
    assert _next(Admission(cache, 4, 100), [again, other], [busy]) is other


def test_no_more_run_than_may() -> None:
    running = [FakeSequence([n]) for n in range(4)]
    assert _next(Admission(PrefixCache(FakeCells(), 8), 4, 100), [FakeSequence([9])], running) is None


def test_without_cells_nobody_starts_and_nobody_jumps_the_queue() -> None:
    cache = PrefixCache(FakeCells(), 8)
    running = FakeSequence(list(range(60)))
    _start(cache, running)
    assert _next(Admission(cache, 4, 100), [FakeSequence([9] * 40), FakeSequence([8])], [running]) is None


def test_somebody_always_starts_when_nobody_runs() -> None:
    long = FakeSequence([9] * 500)
    assert _next(Admission(PrefixCache(FakeCells(), 8), 4, 100), [long], []) is long


def test_a_prefix_that_is_being_computed_is_waited_for_and_then_shared() -> None:
    cache = PrefixCache(FakeCells(), 8)
    first, second = FakeSequence([*range(50), 1]), FakeSequence([*range(50), 2])
    admission = Admission(cache, 4, 1000)
    slot = _start(cache, first)
    assert _next(admission, [second], [first]) is None
    cache.advance(slot, 50)
    assert _next(admission, [second], [first]) is second
