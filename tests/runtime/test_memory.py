"""How full memory would be, with GPUs that stand in, and that it is given back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mm_orch.engine import gguf, host
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.memory import MemoryUse
from mm_orch.runtime.real_model_manager import RealModelManager
from tests.fixtures.tiny_gguf import write_tiny_gguf

CPU = {"kind": "cpu", "total_bytes": 1, "free_bytes": 1}


def gpu_with(total: int, free: int) -> Mapping[str, Any]:
    return {"kind": "gpu", "total_bytes": total, "free_bytes": free}


@pytest.fixture
def spec(tiny_gguf: Path) -> LoadSpec:
    return LoadSpec(str(tiny_gguf), 2048, 1)


def test_a_gpu_that_would_overflow_counts(spec: LoadSpec) -> None:
    need = gguf.estimate(spec.path, spec).total
    share = MemoryUse(lambda: [CPU, gpu_with(need * 4, need * 2)]).share_with(spec)
    assert share == pytest.approx(0.75)
    assert MemoryUse(lambda: [gpu_with(need * 4, 0)]).share_with(spec) == pytest.approx(1.25)


def test_several_gpus_count_together(spec: LoadSpec) -> None:
    need = gguf.estimate(spec.path, spec).total
    assert MemoryUse(lambda: [gpu_with(need * 2, need)] * 2).share_with(spec) == pytest.approx(0.75)


def test_what_stays_on_the_cpu_does_not_count_on_the_gpu(spec: LoadSpec) -> None:
    asked: list[int] = []

    def devices() -> list[Mapping[str, Any]]:
        asked.append(1)
        return [gpu_with(100, 0)]

    on_cpu = LoadSpec(spec.path, 2048, 1, n_gpu_layers=0)
    assert MemoryUse(devices).share_with(on_cpu) < 1
    assert asked == []


def test_a_machine_without_a_gpu_is_asked_once(spec: LoadSpec) -> None:
    asked: list[int] = []

    def devices() -> list[Mapping[str, Any]]:
        asked.append(1)
        return [CPU]

    use = MemoryUse(devices)
    shares = [use.share_with(spec) for _ in range(3)]
    used = (host.total_bytes() - host.available_bytes()) / host.total_bytes()
    assert all(share == pytest.approx(used, abs=0.05) for share in shares)
    assert asked == [1]


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory through /proc")
MEGABYTE = 1 << 20


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[RealModelManager]:
    """A model of some tens of megabytes and cells, under two names."""
    path = write_tiny_gguf(tmp_path / "deep.gguf", layers=200)
    entry = {"path": str(path), "n_threads": 1, "max_context_length": 2048}
    with RealModelManager(catalogue={name: ModelConfig(name=name, **entry) for name in ("one", "two")}) as made:
        yield made


@needs_proc
def test_unloading_gives_the_memory_back(manager: RealModelManager) -> None:
    before = _tree_bytes()
    manager.load_model("one")
    loaded = _tree_bytes()
    assert loaded - before > 60 * MEGABYTE
    manager.unload_model("one")
    _assert_back(before)


@needs_proc
def test_clearing_the_cache_gives_all_memory_back(manager: RealModelManager) -> None:
    before = _tree_bytes()
    for name in ("one", "two"):
        manager.load_model(name)
    assert len(_children(os.getpid())) >= 2
    manager.clear_cache()
    _assert_back(before)


@needs_proc
def test_switching_the_device_holds_the_model_once(manager: RealModelManager) -> None:
    before = _tree_bytes()
    manager.load_model("one")
    once = _tree_bytes() - before
    manager.switch_device("one", "cpu")
    assert _tree_bytes() - before < 1.3 * once
    manager.unload_model("one")
    _assert_back(before)


@needs_proc
def test_the_estimate_is_near_what_is_taken(manager: RealModelManager) -> None:
    with manager.use(manager.config("one")) as (process, _):
        need = gguf.estimate(process.spec.path, process.spec)
        taken = _bytes_of(process.pid or 0)
    assert 0.5 * need.total < taken < need.total + 150 * MEGABYTE


def _assert_back(before: int) -> None:
    """What is left over is the parent's own, once."""
    end = time.monotonic() + 5
    while _tree_bytes() - before > 20 * MEGABYTE and time.monotonic() < end:
        time.sleep(0.05)
    assert _tree_bytes() - before < 20 * MEGABYTE


def _tree_bytes() -> int:
    """Resident memory of this process and its children."""
    return sum(_bytes_of(pid) for pid in (os.getpid(), *_children(os.getpid())))


def _bytes_of(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0
    line = next((line for line in text.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) * 1024


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]
