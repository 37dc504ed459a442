"""Shipped files with bytes changed, cut and repeated: each is read, or refused with one line naming the file."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from mm_orch import resources, settings
from mm_orch.errors import ConfigError
from mm_orch.prompts import PromptLibrary

WORDS = rb"""{ } [ ] : , " ' &a *a !! - null 1e999 \u0000 -1 true {x} ? <<: | % ~ @ `"""
PIECES = (*WORDS.split(), b" ", b"\n", b"\t", b"\x00", b"\xff", b"\xe4\xb8", "，".encode(), b"- ", b": ")


def damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randint(0, len(data)) for _ in range(2))
        end = min(end, at + 40)
        kind = chance.randrange(4)
        if kind == 0:
            data = data[:at] + chance.choice(PIECES) + data[at:]
        elif kind == 1:
            data = data[:at] + data[end:]
        elif kind == 2:
            data = data[:end] + data[at:]
        else:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    return data


def read_settings(folder: Path, data: bytes) -> None:
    (folder / "default.yaml").write_bytes(data)
    settings.load(folder / "default.yaml")


def read_models(folder: Path, data: bytes) -> None:
    (resources.home() / "models.yaml").write_bytes(data)
    settings.models()


def read_prompt(folder: Path, data: bytes) -> None:
    (folder / "router.json").write_bytes(data)
    PromptLibrary.load([folder])


CASES: list[tuple[str, str, Callable[[Path, bytes], None]]] = [
    ("config", "default.yaml", read_settings),
    ("config", "models.yaml", read_models),
    ("prompts", "router.json", read_prompt),
]


def damage(kind: str, name: str, read: Callable[[Path, bytes], None], folder: Path, rounds: int) -> int:
    """How many of the damaged files were refused. Fails on any error that is not a ``ConfigError`` of one line."""
    sound = (resources.shipped(kind) / name).read_bytes()  # type: ignore[arg-type]
    chance, refusals = random.Random(name), []
    for _ in range(rounds):
        data = damaged(sound, chance)
        try:
            read(folder, data)
        except ConfigError as error:
            refusals.append((str(error), data))
        except Exception as error:
            error.add_note(f"{name}: {data!r}")
            raise
    assert not [refusal for refusal in refusals if "\n" in refusal[0] or name not in refusal[0]]
    return len(refusals)


@pytest.mark.parametrize(("kind", "name", "read"), CASES, ids=[name for _, name, _ in CASES])
def test_a_damaged_file_is_read_or_refused(
    tmp_path: Path, kind: str, name: str, read: Callable[[Path, bytes], None]
) -> None:
    assert damage(kind, name, read, tmp_path, 60) > 6


@pytest.mark.soak
@pytest.mark.parametrize(("kind", "name", "read"), CASES, ids=[name for _, name, _ in CASES])
def test_a_damaged_file_is_read_or_refused_many_times(
    tmp_path: Path, kind: str, name: str, read: Callable[[Path, bytes], None]
) -> None:
    assert damage(kind, name, read, tmp_path, 5000) > 500
