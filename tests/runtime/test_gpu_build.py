"""Finding the GPU that is here, with programs that stand in for those of the drivers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mm_orch.runtime.gpu_build import GpuHere, find

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for programs")
VULKAN = "Devices:\nGPU0:\n\tdeviceType         = PHYSICAL_DEVICE_TYPE_{}\n\tdeviceName         = {}\n"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def stand_in(folder: Path, name: str, prints: str, code: int = 0) -> None:
    (folder / name).write_text(
        f"#!/bin/sh\nwhile read -r line; do echo \"$line\"; done <<'END'\n{prints}\nEND\nexit {code}\n"
    )
    (folder / name).chmod(0o755)


def test_a_machine_without_one_has_none(programs: Path, tmp_path: Path) -> None:
    assert find(tmp_path, "linux") is None


def test_nvidias_own_program_names_it(programs: Path, tmp_path: Path) -> None:
    stand_in(programs, "nvidia-smi", "NVIDIA T4\nNVIDIA T4")
    assert find(tmp_path, "linux") == GpuHere("cuda", "NVIDIA T4")


def test_its_driver_names_it_where_the_program_is_missing_or_fails(programs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "proc" / "driver" / "nvidia" / "gpus" / "0000:01:00.0"
    folder.mkdir(parents=True)
    (folder / "information").write_text("Model: \t\t NVIDIA T4\nIRQ:  1\n", encoding="utf-8")
    assert find(tmp_path, "linux") == GpuHere("cuda", "NVIDIA T4")
    stand_in(programs, "nvidia-smi", "couldn't communicate with the NVIDIA driver", code=9)
    assert find(tmp_path, "linux") == GpuHere("cuda", "NVIDIA T4")


def test_vulkan_names_others_and_its_software_does_not_count(programs: Path, tmp_path: Path) -> None:
    stand_in(programs, "vulkaninfo", VULKAN.format("CPU", "llvmpipe"))
    assert find(tmp_path, "linux") is None
    stand_in(programs, "vulkaninfo", VULKAN.format("INTEGRATED_GPU", "AMD Radeon 780M"))
    assert find(tmp_path, "linux") == GpuHere("vulkan", "AMD Radeon 780M")


def test_an_apple_chip_has_metal(programs: Path) -> None:
    assert find(system="darwin", machine="arm64") == GpuHere("metal", "Apple GPU")
    assert find(system="darwin", machine="x86_64") is None
