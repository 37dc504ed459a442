"""The guard on sockets, tried on tests that misbehave."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONNECT = """
import socket, threading
def visit():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
"""


def outcome(folder: Path, source: str) -> str:
    (folder / "test_inner.py").write_text(source, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = loopback\nasyncio_mode = auto\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    return done.stdout


@pytest.mark.skipif(os.name == "nt", reason="asyncio needs loopback connections on Windows")
def test_a_connection_to_this_machine_must_be_asked_for(tmp_path: Path) -> None:
    said = outcome(tmp_path, CONNECT + "def test_it(): visit()\n")
    assert "tests have no network" in said


def test_a_test_that_asks_may_connect_to_this_machine(tmp_path: Path) -> None:
    source = (
        CONNECT + "import pytest\ndef test_one(loopback): visit()\n@pytest.mark.loopback\ndef test_two(): visit()\n"
    )
    assert "2 passed" in outcome(tmp_path, source)


def test_an_attempt_that_the_code_hides_fails_the_test_all_the_same(tmp_path: Path) -> None:
    source = (
        "import contextlib, socket\ndef test_it(loopback):\n"
        "    with contextlib.suppress(OSError):\n        socket.getaddrinfo('example.com', 80)\n"
    )
    said = outcome(tmp_path, source)
    assert "1 error" in said
    assert "example.com" in said


def test_an_event_loop_needs_nothing_allowed(tmp_path: Path) -> None:
    assert "1 passed" in outcome(tmp_path, "import asyncio\ndef test_it(): asyncio.run(asyncio.sleep(0))\n")


def test_every_test_has_a_home_of_its_own(own_home: Path) -> None:
    assert os.environ["MUAI_HOME"] == str(own_home)
    assert not list(own_home.iterdir())
    assert [name for name in os.environ if name.startswith(("MUAI_", "LANGSMITH", "LANGCHAIN_"))] == ["MUAI_HOME"]
