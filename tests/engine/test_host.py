"""What the machine has, read with a container's limits in mind."""

from __future__ import annotations

import os
from pathlib import Path

from mm_orch.engine import host


def test_available_memory_is_part_of_the_total() -> None:
    assert 0 < host.available_bytes() <= host.total_bytes()


def test_there_is_a_core_and_no_more_than_the_system_counts() -> None:
    assert 1 <= host.physical_cores() <= (os.cpu_count() or 1)


def test_a_control_groups_limit_counts_with_what_can_be_dropped(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("700\n", encoding="ascii")
    (tmp_path / "memory.stat").write_text("anon 500\ninactive_file 200\n", encoding="ascii")
    assert host._limits(tmp_path) == [1000]
    assert min(host._headrooms(tmp_path)) == 500


def test_a_control_group_of_version_one_counts_too(tmp_path: Path) -> None:
    group = tmp_path / "memory"
    group.mkdir()
    (group / "memory.limit_in_bytes").write_text("1000\n", encoding="ascii")
    (group / "memory.usage_in_bytes").write_text("1500\n", encoding="ascii")
    assert min(host._headrooms(tmp_path)) == 0


def test_a_share_of_the_processors_is_read(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("150000 100000\n", encoding="ascii")
    assert host._quota(tmp_path) == 1.5


def test_no_limit_is_no_limit(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    (tmp_path / "cpu.max").write_text("max 100000\n", encoding="ascii")
    assert host._quota(tmp_path) is None
    assert min(host._headrooms(tmp_path)) > 1 << 60
