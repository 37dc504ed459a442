"""The READMEs and documents: each command and piece of Python in them runs, and prints what they show."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.fixtures.hub import Hub, Repo

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
# A document in both languages is two files; one file with both has no twin.
PAIRS = [
    READMES,
    *(
        (f"docs/{path.name}".replace(".zh-CN", ""), f"docs/{path.name}")
        for path in sorted((ROOT / "docs").glob("*.zh-CN.md"))
    ),
]
ENGLISH = [pair[0] for pair in PAIRS]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name: str) -> list[tuple[str, str]]:
    """The fenced blocks: language and text, in order."""
    return _BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))


def commands(name: str) -> list[str]:
    return [line for language, text in blocks(name) if language == "sh" for line in text.splitlines()]


def shown(name: str) -> dict[str, str]:
    """Per command what the README prints below it."""
    pairs = zip(blocks(name), blocks(name)[1:], strict=False)
    return {first[1].strip(): second[1] for first, second in pairs if (first[0], second[0]) == ("sh", "text")}


def run(command: str, *, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    launcher, *words = shlex.split(command)
    assert launcher == "./llm"
    return subprocess.run(
        [sys.executable, "-m", "mm_orch.main", *words],
        cwd=ROOT,
        env={**os.environ, "MUAI_OFFLINE": "0" if words[0] == "pull" else "1", "PYTHONUTF8": "1"},
        input="Hello.\n" if "chat" in words else "",
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_give_the_same_commands_and_outputs(english: str, chinese: str) -> None:
    assert commands(english) == commands(chinese)
    assert shown(english) == shown(chinese)


@pytest.mark.parametrize(
    "command", [c for c in dict.fromkeys(chain(*map(commands, ENGLISH))) if "--real-models" not in c]
)
@pytest.mark.timeout(300)
def test_a_command_of_the_documents_works(command: str, hub: Hub) -> None:
    hub.repos["Qwen/Qwen2-0.5B-Instruct-GGUF"] = Repo({"qwen2-0_5b-instruct-q4_k_m.gguf": b"GGUF" + bytes(1000)})
    ran = run(command)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == shown("README.md").get(command, ran.stdout)
    assert ran.stdout.strip() or "list" in command


@pytest.mark.model
@pytest.mark.timeout(600)
@pytest.mark.parametrize("command", [c for c in dict.fromkeys(commands("README.md")) if "--real-models" in c])
def test_a_command_of_the_readme_is_answered_by_the_bundled_model(command: str) -> None:
    ran = run(command)
    assert ran.returncode == 0, ran.stderr
    assert "[mock]" not in ran.stdout
    assert len(ran.stdout) > 20
    # The words of a model differ between machines; that a source is quoted does not.
    if command in shown("README.md"):
        assert "corpus:muai:docs/models.md\n    “" in ran.stdout


@pytest.mark.model
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", READMES)
def test_the_python_of_a_readme_runs(name: str) -> None:
    (code,) = [text for language, text in blocks(name) if language == "python"]
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "question" in ran.stdout
