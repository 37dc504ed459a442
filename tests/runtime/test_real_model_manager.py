"""Which models are loaded when, and that none is left behind."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.errors import EngineCrashed, EngineError, InvalidInput, ModelLoadError, ModelNotFound, UnknownName
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.real_model_manager import RealModelManager
from tests.fixtures.hub import Hub, Repo

LONG = GenerationConfig(max_tokens=1500, temperature=0, logit_bias={})
SHORT = GenerationConfig(max_tokens=2)


@pytest.fixture
def models(tiny_gguf: Path, tmp_path: Path) -> dict[str, ModelConfig]:
    """Three names for models that load in milliseconds."""
    return {name: ModelConfig(path=str(tiny_gguf), name=name) for name in ("one", "two", "three")}


@pytest.fixture
def manager(models: dict[str, ModelConfig]) -> Iterator[RealModelManager]:
    with RealModelManager(max_cached_models=2, catalogue=models, default_model="one") as made:
        yield made


def process_of(manager: RealModelManager, name: str) -> EngineProcess:
    with manager.use(manager.config(name)) as (process, _):
        return process


def test_a_model_is_loaded_once_and_tells_what_it_is(manager: RealModelManager) -> None:
    loaded = manager.load_model("one")
    assert (loaded.name, loaded.device) == ("one", "cpu")
    assert loaded.facts.n_ctx == 2048
    assert process_of(manager, "one").pid == process_of(manager, "one").pid
    assert manager.loaded_models() == ["one"]


def test_many_who_load_one_model_at_once_load_it_once(manager: RealModelManager) -> None:
    with ThreadPoolExecutor(8) as pool:
        pids = list(pool.map(lambda _: process_of(manager, "one").pid, range(16)))
    assert len(set(pids)) == 1


def test_the_model_used_longest_ago_goes_first(manager: RealModelManager) -> None:
    first = process_of(manager, "one")
    process_of(manager, "two")
    process_of(manager, "one")
    process_of(manager, "three")
    assert manager.loaded_models() == ["one", "three"]
    assert first.alive


def test_an_engine_whose_model_went_loads_it_again(manager: RealModelManager) -> None:
    engine = InferenceEngine(manager.load_model("one").model)
    assert manager.unload_model("one")
    assert manager.loaded_models() == []
    assert engine.generate("the", config=SHORT).usage.completion_tokens > 0
    assert manager.loaded_models() == ["one"]


def test_a_model_at_work_ends_only_when_its_work_does(manager: RealModelManager) -> None:
    engine = InferenceEngine("one", manager=manager)
    pieces = engine.generate_stream("the", max_tokens=40, grammar="root ::= [a-z ]{30}")
    text = next(pieces)
    working = process_of(manager, "one")
    assert manager.unload_model("one")
    assert working.alive
    text += "".join(pieces)
    assert len(text) == 30
    assert not working.alive


def test_models_that_embed_are_not_counted(models: dict[str, ModelConfig], tiny_embedding_gguf: Path) -> None:
    embedding = {"embed": ModelConfig(path=str(tiny_embedding_gguf), name="embed")}
    with RealModelManager(max_cached_models=1, catalogue=models | embedding) as manager:
        for name in ("embed", "one", "embed", "two"):
            manager.load_model(name)
        assert manager.loaded_models() == ["embed", "two"]


def test_models_that_embed_go_when_memory_fills(models: dict[str, ModelConfig], tiny_embedding_gguf: Path) -> None:
    embedding = {"embed": ModelConfig(path=str(tiny_embedding_gguf), name="embed")}
    with RealModelManager(memory_threshold=1e-6, catalogue=models | embedding) as manager:
        manager.load_model("embed")
        manager.load_model("one")
        assert manager.loaded_models() == ["one"]


def test_memory_that_fills_unloads_though_the_number_would_fit(models: dict[str, ModelConfig]) -> None:
    with RealModelManager(max_cached_models=3, memory_threshold=1e-6, catalogue=models) as manager:
        manager.load_model("one")
        manager.load_model("two")
        assert manager.loaded_models() == ["two"]


def test_clear_cache_ends_every_child(manager: RealModelManager) -> None:
    processes = [process_of(manager, name) for name in ("one", "two")]
    assert manager.clear_cache() == 2
    assert [process.alive for process in processes] == [False, False]
    assert manager.unload_model("one") is False


def test_a_child_that_was_killed_is_replaced_at_the_next_use(manager: RealModelManager) -> None:
    engine = InferenceEngine("one", manager=manager)
    process = process_of(manager, "one")
    pieces = engine.generate_stream("the", max_tokens=1500, grammar="root ::= [a-z ]+")
    next(pieces)
    os.kill(process.pid or 0, signal.SIGTERM)
    with pytest.raises(EngineCrashed):
        list(pieces)
    assert engine.generate("the", config=SHORT).usage.completion_tokens > 0
    assert process_of(manager, "one").pid != process.pid


def test_a_closed_manager_has_no_child_and_loads_nothing(models: dict[str, ModelConfig]) -> None:
    with RealModelManager(catalogue=models) as manager:
        process = process_of(manager, "one")
    assert not process.alive
    with pytest.raises(EngineError, match="closed"):
        manager.load_model("one")


def test_a_manager_that_is_forgotten_takes_its_children_with_it(models: dict[str, ModelConfig]) -> None:
    manager = RealModelManager(catalogue=models)
    process = weakref.ref(process_of(manager, "one"))
    pid = process_of(manager, "one").pid
    del manager
    gc.collect()
    assert process() is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)


def test_a_load_that_fails_says_why_and_can_be_tried_again(tiny_gguf: Path, tmp_path: Path) -> None:
    path = tmp_path / "late.gguf"
    path.write_bytes(tiny_gguf.read_bytes()[:5000])
    with RealModelManager(catalogue={"late": ModelConfig(path=str(path), name="late")}) as manager:
        for _ in range(2):
            with pytest.raises(ModelLoadError, match=r"late\.gguf"):
                manager.load_model("late")
        assert manager.loaded_models() == []
        shutil.copy(tiny_gguf, path)
        assert manager.load_model("late").device == "cpu"


def test_names_that_are_none_are_refused_with_those_that_are(manager: RealModelManager) -> None:
    with pytest.raises(UnknownName, match="one"):
        manager.load_model("won")
    with pytest.raises(UnknownName):
        manager.load_model(ModelConfig(model_name="won"))
    with pytest.raises(ModelNotFound, match=r"gone\.gguf"):
        manager.load_model("./gone.gguf")
    with pytest.raises(InvalidInput, match="max_cached_models"):
        RealModelManager(max_cached_models=0, catalogue={})
    with pytest.raises(InvalidInput, match="no model is named"):
        RealModelManager(catalogue={}).load_model()


def test_a_configuration_adds_to_the_entry_it_names(manager: RealModelManager) -> None:
    loaded = manager.load_model(ModelConfig(model_name="two", dtype="fp32", max_context_length=256))
    assert (loaded.name, loaded.config.dtype, loaded.facts.n_ctx) == ("two", "fp32", 256)


def test_overrides_win_over_every_configuration(models: dict[str, ModelConfig]) -> None:
    with RealModelManager(catalogue=models, overrides={"max_context_length": 512, "n_threads": None}) as manager:
        assert manager.load_model("one").facts.n_ctx == 512
        assert manager.config(ModelConfig(model_name="two", max_context_length=64)).max_context_length == 512


def test_a_gpu_that_is_not_there_leaves_the_model_on_the_cpu_with_a_warning(manager: RealModelManager) -> None:
    engine = InferenceEngine("one", manager=manager)
    if engine.get_device_capabilities()["recommended_device"] != "cpu":
        pytest.skip("this machine has a GPU that llama.cpp can use")
    with pytest.warns(RuntimeWarning, match="stays on the CPU"):
        assert manager.switch_device("one", "cuda").device == "cpu"
    assert manager.loaded_models() == ["one"]
    assert engine.generate("the", config=SHORT).text is not None
    with pytest.raises(InvalidInput, match="tpu"):
        manager.switch_device("one", "tpu")


def test_a_model_that_is_missing_is_fetched_when_it_is_first_used(hub: Hub, tiny_gguf: Path) -> None:
    hub.repos["user/small"] = Repo({"m-q4_0.gguf": tiny_gguf.read_bytes()})
    catalogue = {"small": ModelConfig(model_name="user/small", name="small")}
    told: list[str] = []
    with RealModelManager(catalogue=catalogue, announce=lambda download: told.append(download.repo)) as manager:
        manager.load_model("small")
        manager.load_model("user/small")
    assert told == ["user/small"]
    assert hub.downloads() == ["m-q4_0.gguf"]


def test_a_fetched_file_that_is_no_model_is_refused(hub: Hub) -> None:
    hub.repos["user/text"] = Repo({"m-q4_0.gguf": b"this is no model at all, only text of some length"})
    with RealModelManager(catalogue={}) as manager, pytest.raises(ModelLoadError, match=r"m-q4_0\.gguf"):
        manager.load_model("user/text")


def test_offline_nothing_is_fetched(hub: Hub) -> None:
    catalogue = {"small": ModelConfig(model_name="user/small", name="small")}
    with RealModelManager(catalogue=catalogue, offline=True) as manager:
        with pytest.raises(ModelNotFound, match="muai pull small"):
            manager.load_model("small")
        with pytest.raises(ModelNotFound, match="muai pull"):
            manager.load_model("user/other")
    assert hub.requests == []


def test_a_model_can_be_fetched_ahead_by_its_name(hub: Hub, tiny_gguf: Path) -> None:
    hub.repos["user/small"] = Repo({"m-q4_0.gguf": tiny_gguf.read_bytes()})
    with RealModelManager(catalogue={"small": ModelConfig(model_name="user/small", name="small")}) as manager:
        assert manager.pull_model("small") == manager.pull_model("user/small:Q4_0")


def test_starting_does_not_wait_for_the_load(manager: RealModelManager) -> None:
    begun = time.monotonic()
    InferenceEngine("one", manager=manager).start()
    started = time.monotonic() - begun
    manager.load_model("one")
    assert started < time.monotonic() - begun
    assert manager.loaded_models() == ["one"]


SCRIPT = """
import os, sys
from mm_orch.records.message import Message
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.real_model_manager import RealModelManager
manager = RealModelManager(catalogue={"one": ModelConfig(path=sys.argv[1], name="one")})
engine = InferenceEngine("one", manager=manager)
engine.generate("the", max_tokens=2)
def pid():
    with manager.use(manager.config("one")) as (process, facts):
        return process.pid
"""


def run(script: str, model: Path) -> list[str]:
    outcome = subprocess.run(
        [sys.executable, "-c", SCRIPT + script, str(model)], capture_output=True, text=True, timeout=60, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout.split()


def is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_that_ends_leaves_no_child(tiny_gguf: Path) -> None:
    [pid] = run("print(pid())\n", tiny_gguf)
    assert not is_running(pid)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_starts_a_child_of_its_own_and_leaves_its_parents_alone(tiny_gguf: Path) -> None:
    script = """
print(pid(), flush=True)
child = os.fork()
if child == 0:
    engine.generate("the", max_tokens=2)
    print(pid(), flush=True)
    manager.close()
    sys.exit(0)
os.waitpid(child, 0)
engine.generate("the", max_tokens=2)
print(pid(), flush=True)
"""
    before, forked, after = run(script, tiny_gguf)
    assert before == after
    assert forked != before
    assert not is_running(forked)
    assert not is_running(before)


def test_the_fixed_heads_of_prompts_are_kept_between_managers(
    models: dict[str, ModelConfig], tmp_path: Path
) -> None:
    head = (Message("system", "what is the machine learning and answer in the world " * 8),)
    cached = []
    for _ in range(2):
        with RealModelManager(catalogue=models, heads=[head], heads_folder=tmp_path / "heads") as manager:
            engine = InferenceEngine("one", manager=manager)
            cached.append(engine.generate([*head, Message("user", "hello")], config=SHORT).usage.cached_tokens)
            end = time.monotonic() + 10
            while not list(tmp_path.glob("heads/*.head")) and time.monotonic() < end:
                time.sleep(0.01)
    assert cached[0] == 0 < cached[1]
