"""How a list of devices is told."""

from __future__ import annotations

import pytest

from mm_orch.runtime.device_report import capabilities

CPU = {"name": "CPU", "backend": "cpu", "kind": "cpu"}
BLAS = {"name": "BLAS", "backend": "blas", "kind": "accelerator"}


@pytest.mark.parametrize(
    ("backends", "best"),
    [((), "cpu"), (("cuda",), "cuda"), (("vulkan", "cuda"), "cuda"), (("metal",), "metal"), (("sycl",), "gpu")],
)
def test_a_gpu_is_recommended_where_there_is_one(backends: tuple[str, ...], best: str) -> None:
    gpus = [{"name": name, "backend": name, "kind": "gpu"} for name in backends]
    told = capabilities([CPU, BLAS, *gpus])
    assert told["recommended_device"] == best
    assert {name for name in ("metal", "cuda", "vulkan") if told[f"{name}_support"]} == {*backends} - {"sycl"}
    assert told["devices"] == [CPU, BLAS, *gpus]


def test_an_integrated_gpu_counts() -> None:
    assert capabilities([{"backend": "vulkan", "kind": "integrated gpu"}])["recommended_device"] == "vulkan"
