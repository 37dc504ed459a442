"""A step's prompt tokens follow the machine's speed."""

from __future__ import annotations

from mm_orch.engine.pace import Pace


def test_a_fast_machine_is_given_as_much_as_a_batch_holds() -> None:
    pace = Pace(512)
    pace.learn(128, 128, 0.01)
    assert pace.chunk == 512


def test_a_slow_machine_is_given_half_a_seconds_work() -> None:
    pace = Pace(512)
    pace.learn(128, 128, 2.0)
    assert pace.chunk == 32


def test_a_very_slow_machine_still_moves_on() -> None:
    pace = Pace(512)
    pace.learn(128, 128, 600.0)
    assert pace.chunk == 16


def test_steps_that_only_write_tell_nothing() -> None:
    pace = Pace(512)
    before = pace.chunk
    pace.learn(0, 8, 5.0)
    assert pace.chunk == before
