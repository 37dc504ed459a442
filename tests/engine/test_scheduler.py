"""Who takes part in a batch and what becomes of them, over a decoder without a model."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mm_orch.errors import ContextLengthExceeded, EngineError, EngineTimeout, GrammarError
from mm_orch.records.generation import GenerationResult
from tests.engine.decoding import Bench, FakeSampler, written

LONG = list(range(10, 410))


def reason(bench: Bench, ticket: int) -> str:
    result = bench.ended(ticket)
    assert isinstance(result, GenerationResult), result
    return result.finish_reason


def test_one_request_writes_what_a_plain_loop_writes() -> None:
    bench = Bench()
    ticket = bench.ask([5, 6, 7], 8)
    bench.run()
    assert bench.tokens(ticket) == written([5, 6, 7], 8)
    assert reason(bench, ticket) == "length"
    assert bench.scheduler.counts() == {"evaluated_tokens": 3 + 7, "running": 0, "waiting": 0}


def test_an_end_token_stops_and_is_not_shown() -> None:
    bench = Bench()
    ticket = bench.ask([5, 6, 7], 8, sampler=FakeSampler(bench.decoder, ends_after=2))
    bench.run()
    assert bench.tokens(ticket) == written([5, 6, 7], 2)
    assert reason(bench, ticket) == "stop"


def test_requests_that_run_together_write_what_each_would_alone() -> None:
    bench = Bench()
    prompts = [[1, 2, 3], [4, 5], [6] * 30, [7, 8, 9, 10]]
    tickets = [bench.ask(prompt, 10) for prompt in prompts]
    bench.run()
    assert [bench.tokens(ticket) for ticket in tickets] == [written(prompt, 10) for prompt in prompts]


def test_a_long_prompt_keeps_nobody_from_writing() -> None:
    bench = Bench(n_batch=32)
    writer = bench.ask([1, 2, 3], 100)
    bench.step()
    bench.ask(LONG, 5)
    for _ in range(8):
        bench.step()
        assert any(item.wants_logits for item in bench.decoder.batches[-1])
        assert len(bench.decoder.batches[-1]) <= 32
    bench.run()
    assert bench.tokens(writer) == written([1, 2, 3], 100)


def test_two_long_prompts_take_turns() -> None:
    bench = Bench(n_batch=32)
    bench.ask(LONG, 1)
    bench.ask([number + 1 for number in LONG], 1)
    bench.step(4)
    slots = [{item.seq for item in batch} for batch in bench.decoder.batches]
    assert len(set().union(*slots)) == 2


def test_a_session_with_many_requests_does_not_hold_up_another() -> None:
    bench = Bench(n_live=2)
    first = [bench.ask([number, 2, 3], 3, session="a") for number in range(20, 26)]
    other = bench.ask([9, 9, 9], 3, session="b")
    bench.run()
    assert bench.order().index(other) <= 2
    assert set(bench.order()) == {*first, other}


def test_a_shared_prefix_is_computed_once_and_forked() -> None:
    bench = Bench()
    prompts = [[*LONG[:200], number, 1] for number in range(3)]
    tickets = [bench.ask(prompt, 2) for prompt in prompts]
    bench.run()
    assert [bench.tokens(ticket) for ticket in tickets] == [written(prompt, 2) for prompt in prompts]
    # A request that shares all but a few tokens does not wait for the last of them.
    first, *forked = [bench.ended(ticket).usage.cached_tokens for ticket in tickets]  # type: ignore[union-attr]
    assert first == 0
    assert all(200 - 16 <= cached <= 200 for cached in forked)
    assert bench.scheduler.n_evaluated == 3 * (202 + 1) - sum(forked)


def test_a_finished_prompt_gives_way_when_the_cells_are_full() -> None:
    bench = Bench(n_ctx=100)
    first = bench.ask(LONG[:60], 2)
    bench.run()
    second = bench.ask(LONG[100:180], 2)
    bench.run()
    assert bench.tokens(second) == written(LONG[100:180], 2)
    assert bench.tokens(first) == written(LONG[:60], 2)


def test_the_last_to_come_starts_over_when_running_requests_fill_the_cells() -> None:
    bench = Bench(n_ctx=200)
    first, second = bench.ask([1, 2, 3], 120), bench.ask([4, 5, 6], 120)
    bench.run()
    assert bench.order() == [first, second]
    assert bench.tokens(first) == written([1, 2, 3], 120)
    assert bench.tokens(second) == written([4, 5, 6], 120)


def test_a_request_alone_that_fills_the_context_ends_there() -> None:
    bench = Bench(n_ctx=50)
    ticket = bench.ask([1, 2, 3], 500)
    bench.run()
    assert reason(bench, ticket) == "length"
    assert bench.tokens(ticket) == written([1, 2, 3], 47)


def test_a_prompt_that_no_cells_are_found_for_fails_with_the_figures() -> None:
    bench = Bench(n_ctx=50)
    bench.decoder.codes = [1] * 9
    ticket = bench.ask([1, 2, 3])
    bench.run()
    assert isinstance(bench.ended(ticket), ContextLengthExceeded)


def test_a_cancelled_request_ends_within_a_step_and_its_cells_are_used_again() -> None:
    bench = Bench()
    stays, goes = bench.ask([1, 2, 3], 40), bench.ask([4, 5, 6], 40)
    bench.step(5)
    bench.scheduler.cancel(goes)
    assert bench.decoder.aborts == 0
    bench.step()
    assert reason(bench, goes) == "cancelled"
    bench.run()
    assert bench.tokens(stays) == written([1, 2, 3], 40)


def test_cancelling_all_of_a_batch_aborts_its_decode() -> None:
    bench = Bench()
    tickets = [bench.ask([1, 2, 3], 40), bench.ask([4, 5, 6], 40)]
    bench.step(3)
    for ticket in tickets:
        bench.scheduler.cancel(ticket)
    assert bench.decoder.aborts == 1
    bench.run()
    assert [reason(bench, ticket) for ticket in tickets] == ["cancelled", "cancelled"]


def test_a_waiting_request_can_be_cancelled() -> None:
    bench = Bench(n_live=1)
    bench.ask([1, 2, 3], 40)
    waiting = bench.ask([4, 5, 6], 40)
    bench.step(2)
    bench.scheduler.cancel(waiting)
    bench.step()
    assert bench.order() == [waiting]
    bench.scheduler.cancel(999)


def test_an_aborted_decode_is_rolled_back_and_done_again() -> None:
    bench = Bench()
    prompts = [[1, 2, 3, 4], [5, 6, 7, 8]]
    tickets = [bench.ask(prompt, 10) for prompt in prompts]
    bench.decoder.codes = [0, 2, 0, 2, 2]
    bench.run()
    assert [bench.tokens(ticket) for ticket in tickets] == [written(prompt, 10) for prompt in prompts]


def test_a_failed_decode_fails_its_batch_and_nothing_after_it() -> None:
    bench = Bench()
    lost = bench.ask([1, 2, 3], 40)
    bench.step(2)
    bench.decoder.error = EngineError("llama.cpp could not evaluate")
    bench.step()
    assert isinstance(bench.ended(lost), EngineError)
    again = bench.ask([1, 2, 3], 10)
    bench.run()
    assert bench.tokens(again) == written([1, 2, 3], 10)


def test_a_request_that_its_sampler_refuses_fails_alone() -> None:
    bench = Bench()
    sampler = FakeSampler(bench.decoder, error=GrammarError("no token is allowed"))
    bad, good = bench.ask([1, 2, 3], sampler=sampler), bench.ask([4, 5, 6], 6)
    bench.run()
    assert isinstance(bench.ended(bad), GrammarError)
    assert sampler.closed
    assert bench.tokens(good) == written([4, 5, 6], 6)


def test_a_deadline_ends_a_request_that_runs_and_one_that_waits() -> None:
    bench = Bench(n_live=1)
    tickets = [bench.ask([1, 2, 3], 40, timeout=10), bench.ask([4, 5, 6], 40, timeout=10)]
    bench.step(3)
    bench.now = 11.0
    bench.step()
    assert all(isinstance(bench.ended(ticket), EngineTimeout) for ticket in tickets)
    assert not bench.scheduler.is_busy


def test_a_batch_has_one_set_of_adapters_and_the_sets_take_turns() -> None:
    bench = Bench()
    plain = bench.ask([1, 2, 3], 6)
    adapted = bench.ask([1, 2, 3], 6, key=(("a.gguf", 1.0),))
    bench.run()
    assert set(bench.used) == {(), (("a.gguf", 1.0),)}
    assert bench.ended(adapted).usage.cached_tokens == 0  # type: ignore[union-attr]
    assert bench.tokens(plain) == bench.tokens(adapted) == written([1, 2, 3], 6)
    first = [len({item.seq for item in batch}) for batch in bench.decoder.batches]
    assert set(first) == {1}


@settings(max_examples=60, deadline=None)
@example([(72, 7, 0), (66, 6, 0), (16, 9, 2)], 120, [])
@given(
    st.lists(st.tuples(st.integers(1, 90), st.integers(1, 30), st.integers(0, 2)), min_size=1, max_size=8),
    st.integers(120, 400),
    st.lists(st.sampled_from([0, 0, 0, 1, 2]), max_size=30),
)
def test_whatever_runs_together_and_fails_between_each_answer_is_its_own(
    asked: list[tuple[int, int, int]], n_ctx: int, codes: list[int]
) -> None:
    bench = Bench(n_ctx=n_ctx, n_batch=24)
    bench.decoder.codes = list(codes)
    prompts = [[*LONG[:shared], 7 + shared, *LONG[:own]] for own, _, shared in asked]
    tickets = [bench.ask(prompt, count) for prompt, (_, count, _) in zip(prompts, asked, strict=True)]
    bench.run()
    for ticket, prompt, (_, count, _) in zip(tickets, prompts, asked, strict=True):
        result = bench.ended(ticket)
        if isinstance(result, GenerationResult):
            assert bench.tokens(ticket) == written(prompt, count)[: len(bench.tokens(ticket))]
        else:
            assert isinstance(result, ContextLengthExceeded)


@pytest.mark.parametrize("n_live", [1, 2, 4])
def test_no_more_run_together_than_allowed(n_live: int) -> None:
    bench = Bench(n_live=n_live)
    for number in range(6):
        bench.ask([number + 20, 2, 3], 4)
    while bench.scheduler.is_busy:
        bench.step()
        assert bench.scheduler.counts()["running"] <= n_live
