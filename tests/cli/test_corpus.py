"""``muai corpus``, and answers from local documents."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import muai

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "sub").mkdir(parents=True)
    (folder / "tea.md").write_text("# Tea\n\nGreen tea is steeped at 80 degrees.", encoding="utf-8")
    (folder / "sub" / "茶.md").write_text("# 茶\n\n绿茶用八十度的水冲泡两分钟。", encoding="utf-8")
    return folder


def test_documents_are_added_listed_searched_and_removed(notes: Path) -> None:
    added = muai("corpus", "add", str(notes))
    assert (added.code, added.out) == (0, "2 added\n")
    listed = muai("corpus", "list").out
    assert str(notes / "tea.md") in listed
    assert str(notes / "sub" / "茶.md") in listed
    assert "80 degrees" in muai("corpus", "search", "how", "is", "green", "tea", "steeped").out
    assert "两分钟" in muai("corpus", "search", "綠茶").out
    assert muai("corpus", "remove", str(notes / "sub")).out == "1 removed\n"
    assert muai("corpus", "search", "绿茶").out == ""
    assert muai("corpus", "add", str(notes)).out == "1 unchanged, 1 added\n"
    assert muai("corpus", "remove", "--all").out == "2 removed\n"


def test_lists_and_passages_come_as_json(notes: Path) -> None:
    muai("corpus", "add", str(notes / "tea.md"))
    document = muai("corpus", "list", "--json").document
    (row,) = document["documents"]
    assert not document["searches_own_documentation"]
    assert (row["address"], row["title"], row["passages"]) == (str(notes / "tea.md"), "Tea", 1)
    (passage,) = muai("corpus", "search", "steeped", "--json").document["passages"]
    assert passage["heading"] == "Tea"
    assert passage["text"].startswith("Green tea")


def test_a_list_without_documents_says_what_is_searched_and_makes_no_file(own_home: Path) -> None:
    ran = muai("corpus", "list")
    assert (ran.code, ran.out) == (0, "")
    assert "MuAI's own documentation" in ran.err
    assert muai("corpus", "list", "--json").document == {"documents": [], "searches_own_documentation": True}
    assert "--lora" in muai("corpus", "search", "how do I load a lora adapter").out
    assert list(own_home.iterdir()) == []


def test_a_source_that_is_named_and_cannot_be_read_fails_after_the_others(notes: Path) -> None:
    ran = muai("corpus", "add", str(notes / "gone.md"), str(notes / "tea.md"))
    assert (ran.code, ran.out) == (1, "1 failed, 1 added\n")
    assert f"failed: {notes / 'gone.md'}: No such file or directory" in ran.err


def test_a_bad_file_in_a_folder_is_reported_and_the_rest_is_added(notes: Path) -> None:
    (notes / "junk.txt").write_bytes(b"\0\1\2" * 500)
    ran = muai("corpus", "add", str(notes))
    assert (ran.code, ran.out) == (0, "1 failed, 2 added\n")
    assert "junk.txt" in ran.err


def test_a_limit_of_the_settings_holds(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUAI_CORPUS__MAX_BYTES", "1000")
    (notes / "long.md").write_text("tea " * 1000, encoding="utf-8")
    assert "more than the 0.0 MB that are read" in muai("corpus", "add", str(notes / "long.md")).err


@pytest.mark.parametrize(
    "words", [("remove",), ("remove", "--all", "x"), ("remove", "nothing"), ("search",), ("add",)]
)
def test_wrong_use_is_told(words: tuple[str, ...]) -> None:
    ran = muai("corpus", *words)
    assert ran.code == 2
    assert ran.err.startswith("error: ")


def test_offline_no_page_of_the_web_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUAI_OFFLINE", "1")
    ran = muai("corpus", "add", "https://tea.example/a")
    assert ran.code == 1
    assert "offline" in ran.err


def test_an_answer_comes_from_the_documents(notes: Path) -> None:
    muai("corpus", "add", str(notes))
    document = muai("--json", "--search", "corpus", "--workflow", "search_qa", "How is green tea steeped?").document
    assert document["status"] in ("ok", "degraded"), document["error"]
    assert document["sources"][0]["url"] == f"corpus:{notes / 'tea.md'}"


# An audit hook hears of every socket that is opened through Python; libraries with sockets of their own are named.
WATCHED = """
import sys
seen = []
def hear(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"):
        seen.append((event, str(arguments[-1] if event == "socket.connect" else arguments[:2])))
sys.addaudithook(hear)
from mm_orch.main import main
code = main(sys.argv[1:])
native = [name for name in sys.modules if name.split(".")[0] in ("ddgs", "primp", "hf_xet")]
print(*seen, *native, sep="\\n", file=sys.stderr)
assert not seen and not native, (seen, native)
sys.exit(code)
"""


def test_offline_an_answer_from_the_documents_opens_no_connection(notes: Path) -> None:
    muai("corpus", "add", str(notes))
    dead = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    words = ["--offline", "--search", "corpus", "--workflow", "search_qa", "How is green tea steeped?"]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *words],
        cwd=ROOT, env={**os.environ, **dead}, capture_output=True, encoding="utf-8", timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "tea.md" in done.stdout


def test_the_watch_over_connections_would_see_one() -> None:
    code = WATCHED.replace("from mm_orch.main import main\ncode = main(sys.argv[1:])", LOOKS)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 1
    assert "socket.connect" in done.stderr


LOOKS = """
import socket
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError:
    pass
code = 0
"""
