"""Layers on the GPU, with stand-ins for the GPU and for the load that fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mm_orch.engine import gguf
from mm_orch.engine.offload import ALL, Gpu, layers_that_fit, place, share_on_gpu
from mm_orch.errors import ModelLoadError, NotEnoughMemory
from mm_orch.records.load_spec import LoadSpec
from tests.fixtures.tiny_gguf import write_tiny_gguf

GPU = Gpu("CUDA0", 64 << 30)


@pytest.fixture
def spec(tiny_gguf: Path) -> LoadSpec:
    return LoadSpec(str(tiny_gguf), 2048, 1)


def fail_on_gpu(layers: int) -> int:
    if layers:
        raise ModelLoadError("cudaMalloc failed: out of memory")
    return layers


def test_a_load_that_fails_on_the_gpu_is_done_on_the_cpu_with_a_warning(spec: LoadSpec) -> None:
    for layers in (None, -1, 3):
        placed = place(replace(spec, n_gpu_layers=layers), GPU, fail_on_gpu)
        assert (placed.loaded, placed.device) == (0, "cpu")
        assert placed.warnings == ("the GPU could not be used, the CPU is: cudaMalloc failed: out of memory",)


def test_a_load_that_fails_on_the_cpu_too_fails(spec: LoadSpec) -> None:
    def fail(layers: int) -> int:
        raise ModelLoadError("unknown architecture")

    with pytest.raises(ModelLoadError, match="architecture"):
        place(spec, GPU, fail)


def test_what_does_not_fit_into_memory_is_not_tried_again(spec: LoadSpec) -> None:
    tried: list[int] = []

    def refuse(layers: int) -> int:
        tried.append(layers)
        raise NotEnoughMemory("needs 9 GB")

    with pytest.raises(NotEnoughMemory):
        place(spec, GPU, refuse)
    assert tried == [ALL]


def test_all_layers_go_where_there_is_room(spec: LoadSpec) -> None:
    placed = place(spec, GPU, lambda layers: layers)
    assert (placed.loaded, placed.device, placed.warnings) == (ALL, "CUDA0", ())


def test_layers_that_were_asked_for_are_tried_as_they_are(spec: LoadSpec) -> None:
    assert place(replace(spec, n_gpu_layers=1), GPU, lambda layers: layers).loaded == 1
    none = place(replace(spec, n_gpu_layers=0), GPU, lambda layers: layers)
    assert (none.loaded, none.device, none.warnings) == (0, "cpu", ())


def test_without_a_gpu_only_who_asked_for_one_is_warned(spec: LoadSpec) -> None:
    assert place(spec, None, lambda layers: layers).warnings == ()
    placed = place(replace(spec, n_gpu_layers=-1), None, lambda layers: layers)
    assert (placed.loaded, placed.device) == (0, "cpu")
    assert "finds no GPU" in placed.warnings[0]


def test_as_many_layers_go_as_its_free_memory_takes(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "deep.gguf", layers=40)
    spec = LoadSpec(str(path), 2048, 1)
    header, need = gguf.read_header(path), gguf.estimate(path, spec)
    fitting = [layers_that_fit(header, spec, int(need.total * share)) for share in (0.1, 0.5, 0.8, 1.2)]
    assert fitting[0] == 0 or fitting[0] < fitting[1]
    assert 0 < fitting[1] < fitting[2] <= 40
    assert fitting[3] == ALL
    assert layers_that_fit(header, spec, 0) == ALL
    half = Gpu("CUDA0", need.total // 2)
    placed = place(spec, half, lambda layers: layers)
    assert placed.loaded == fitting[1]
    assert f"{fitting[1]} of 40 layers" in placed.warnings[0]


def test_the_share_on_the_gpu() -> None:
    assert [share_on_gpu(layers, 3) for layers in (0, 2, 3, 4, -1)] == [0, 0.5, 0.75, 1, 1]
