"""A model whose process keeps dying of one thing is put aside, and comes back."""

from __future__ import annotations

import pytest

from mm_orch.engine.crash import LOADING, Crash
from mm_orch.errors import ModelQuarantined
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.quarantine import Quarantine

MODEL = ModelConfig(path="one.gguf", name="one")
OTHER = ModelConfig(path="two.gguf", name="two")


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def crash(at: float, *causes: str) -> Crash:
    return Crash(at, frozenset(causes), "it was ended by signal 6")


def is_aside(quarantine: Quarantine, model: ModelConfig = MODEL) -> bool:
    try:
        quarantine.check(model)
    except ModelQuarantined:
        return True
    return False


def test_the_third_crash_of_a_load_puts_the_model_aside_and_no_other() -> None:
    quarantine = Quarantine(3, Clock())
    for second in range(3):
        assert not is_aside(quarantine)
        quarantine.add(MODEL, crash(1000 + second, LOADING))
    assert is_aside(quarantine)
    assert not is_aside(quarantine, OTHER)


def test_the_message_names_the_model_the_reason_and_the_way_back() -> None:
    quarantine = Quarantine(1, Clock())
    quarantine.add(MODEL, crash(1000, LOADING))
    with pytest.raises(ModelQuarantined, match=r"'one'.* 10 min.*signal 6.*unload_model"):
        quarantine.check(MODEL)


def test_crashes_of_different_requests_do_not_add_up() -> None:
    quarantine = Quarantine(3, Clock())
    for number in range(9):
        quarantine.add(MODEL, crash(1000 + number, f"request {number}"))
    assert not is_aside(quarantine)


def test_one_request_counts_though_others_were_open_beside_it() -> None:
    quarantine = Quarantine(3, Clock())
    for number in range(3):
        quarantine.add(MODEL, crash(1000 + number, "poison", f"request {number}"))
    assert is_aside(quarantine)


def test_crashes_further_apart_than_a_minute_do_not_add_up() -> None:
    quarantine = Quarantine(3, Clock())
    for number in range(9):
        quarantine.add(MODEL, crash(1000 + 30.0 * number, LOADING))
    assert not is_aside(quarantine)


def test_a_child_that_died_with_nothing_to_do_is_no_reason() -> None:
    quarantine = Quarantine(1, Clock())
    quarantine.add(MODEL, crash(1000))
    assert not is_aside(quarantine)


def test_zero_never_puts_a_model_aside() -> None:
    quarantine = Quarantine(0, Clock())
    for _ in range(50):
        quarantine.add(MODEL, crash(1000, LOADING))
    assert not is_aside(quarantine)


def test_after_ten_minutes_it_is_back_with_nothing_counted() -> None:
    clock = Clock()
    quarantine = Quarantine(2, clock)
    for second in (0, 1):
        quarantine.add(MODEL, crash(1000 + second, LOADING))
    clock.now = 1000 + 600
    assert is_aside(quarantine)
    clock.now = 1000 + 602
    assert not is_aside(quarantine)
    quarantine.add(MODEL, crash(clock.now, LOADING))
    assert not is_aside(quarantine)


def test_a_model_is_released_by_word() -> None:
    quarantine = Quarantine(1, Clock())
    for model in (MODEL, OTHER):
        quarantine.add(model, crash(1000, LOADING))
    quarantine.release(lambda model: model.name == "one")
    assert not is_aside(quarantine)
    assert is_aside(quarantine, OTHER)
