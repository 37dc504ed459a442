"""A child that dies in mid-stream, over and over: one error, a new child, and an end to it if the model is why."""

from __future__ import annotations

import os
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.errors import EngineCrashed, EngineError, EngineTimeout, ModelQuarantined
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.real_model_manager import RealModelManager

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

# What was promised, held by the median; a machine that is busy elsewhere may be late now and then.
ERROR_SECONDS, ANSWER_SECONDS, LATE = 1.0, 2.0, 5


@pytest.fixture
def models(tiny_gguf: Path) -> dict[str, ModelConfig]:
    return {"one": ModelConfig(path=str(tiny_gguf), name="one")}


@pytest.fixture
def manager(models: dict[str, ModelConfig]) -> Iterator[RealModelManager]:
    with RealModelManager(catalogue=models, default_model="one", quarantine_after=2) as made:
        yield made


def pid_of(manager: RealModelManager) -> int:
    with manager.use(manager.config("one")) as (process, _):
        return process.pid or 0


def die(manager: RealModelManager, seed: int, how: int = signal.SIGKILL) -> EngineError:
    """What a long answer ends with whose child gets a signal in mid-stream."""
    pieces = InferenceEngine("one", manager=manager).generate_stream(
        "the", max_tokens=1500, grammar="root ::= [a-z ]+", seed=seed
    )
    next(pieces)
    os.kill(pid_of(manager), how)
    with pytest.raises(EngineError) as caught:
        list(pieces)
    return caught.value


@pytest.mark.parametrize("how", ["SIGKILL", "SIGSEGV", "SIGABRT"])
@pytest.mark.parametrize("times", [10, pytest.param(200, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])])
def test_every_death_is_one_error_and_the_next_request_is_answered(
    models: dict[str, ModelConfig], how: str, times: int
) -> None:
    with RealModelManager(catalogue=models, quarantine_after=0) as manager:
        engine = InferenceEngine("one", manager=manager)
        errors, answers = [], []
        for seed in range(times):
            pieces = engine.generate_stream("the", max_tokens=1500, grammar="root ::= [a-z ]+", seed=seed)
            next(pieces)
            os.kill(pid_of(manager), getattr(signal, how))
            killed = time.monotonic()
            with pytest.raises(EngineCrashed, match=f"signal {int(getattr(signal, how))}"):
                list(pieces)
            told = time.monotonic()
            assert engine.generate("the", max_tokens=2).finish_reason in {"length", "stop"}
            errors.append(told - killed)
            answers.append(time.monotonic() - told)
    assert statistics.median(errors) < ERROR_SECONDS > max(errors) / LATE
    assert statistics.median(answers) < ANSWER_SECONDS > max(answers) / LATE


def test_a_request_that_keeps_ending_the_child_puts_the_model_aside(manager: RealModelManager) -> None:
    for _ in range(2):
        assert isinstance(die(manager, seed=1), EngineCrashed)
    with pytest.raises(ModelQuarantined, match="'one'"):
        manager.load_model("one")
    assert manager.loaded_models() == []


def test_different_requests_do_not(manager: RealModelManager) -> None:
    for seed in range(4):
        die(manager, seed)
    assert manager.load_model("one").name == "one"


def test_unloading_it_takes_it_back(manager: RealModelManager) -> None:
    for _ in range(2):
        die(manager, seed=1)
    with pytest.raises(ModelQuarantined):
        manager.load_model("one")
    assert manager.unload_model("one") is False
    assert manager.load_model("one").name == "one"


def test_a_child_that_dies_while_it_loads_puts_the_model_aside(manager: RealModelManager) -> None:
    config = manager.config("one")
    for _ in range(2):
        manager.start(config)
        [starting] = [slot.process for slot in manager._cache._slots.values()]
        assert starting is not None
        os.kill(starting.pid or 0, signal.SIGKILL)
        with pytest.raises(EngineCrashed), manager.use(config):
            pytest.fail("it was not to load")
    with pytest.raises(ModelQuarantined):
        manager.load_model("one")


def test_what_the_supervisor_ends_does_not_count(models: dict[str, ModelConfig]) -> None:
    with RealModelManager(catalogue=models, stall_s=1.0, quarantine_after=1) as manager:
        for _ in range(2):
            engine = InferenceEngine("one", manager=manager)
            engine.generate("the", max_tokens=2)
            os.kill(pid_of(manager), signal.SIGSTOP)
            with pytest.raises(EngineTimeout):
                engine.generate("the", max_tokens=2)
            manager.load_model("one")
            manager.clear_cache()
        assert manager.load_model("one").name == "one"
