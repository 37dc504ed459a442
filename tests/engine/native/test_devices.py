"""What the child says of the devices here."""

from __future__ import annotations

from pathlib import Path

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.records.load_spec import LoadSpec


def test_the_child_lists_the_processor_at_least(tiny_gguf: Path) -> None:
    process = EngineProcess(LoadSpec(str(tiny_gguf), 64, 1))
    process.start()
    try:
        listed = process.call("devices", {})
    finally:
        process.close()
    [processor] = [device for device in listed if device["kind"] == "cpu"]
    assert processor["backend"] == "cpu"
    assert processor["description"]
