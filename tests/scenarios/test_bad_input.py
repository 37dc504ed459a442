"""Bad input, each by a process of its own: one clear line, the right exit code, no traceback, no child left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

MUAI = [sys.executable, "-m", "mm_orch.main"]
posix = pytest.mark.skipif(os.name != "posix", reason="pipes and signals are POSIX's here")


def muai(*words: str, stdin: str = "", code: int, **environment: str) -> str:
    """Run ``muai words``; checks the exit code and that stderr ends with one line, which is returned."""
    ran = subprocess.run(
        [*MUAI, *words],
        input=stdin.encode(),
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )
    err = ran.stderr.decode()
    assert ran.returncode == code, err
    assert "Traceback" not in err
    assert ran.stdout == b""
    lines = [line for line in err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1
    assert err.rstrip().endswith(lines[0])
    return lines[0]


def children(marker: str) -> list[str]:
    """Engine processes that were started with ``marker`` in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            if b"mm_orch.engine.worker" in line and marker.encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found


def gone(marker: str) -> bool:
    """Whether every child has ended within a few seconds."""
    deadline = time.monotonic() + 5
    while children(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not children(marker)


def test_an_empty_question() -> None:
    assert "the question is empty" in muai("", code=2)
    assert "the question is empty" in muai(code=2)


def test_a_question_of_a_megabyte() -> None:
    assert "more than 200,000 characters" in muai("--workflow", "chat_generate", stdin="a" * 1_000_000, code=2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--workflow", "serch_qa"), ("Did you mean 'search_qa'", "lesson_pack")),
        (("--model", "gtp2"), ("Did you mean 'gpt2'", "smollm2-135m")),
        (("--search", "dgs"), ("Did you mean 'ddgs'", "mock")),
        (("--language", "fr"), ("'auto', 'zh' or 'en'",)),
    ],
)
def test_an_unknown_name_lists_the_known_ones(words: tuple[str, ...], expected: Sequence[str]) -> None:
    line = muai(*words, "hello", code=2)
    for text in expected:
        assert text in line


@pytest.fixture
def broken(tmp_path: Path, tiny_gguf: Path) -> dict[str, Path]:
    """Model files that are none, by what is wrong with them."""
    content = tiny_gguf.read_bytes()
    files = {
        "empty": b"",
        "truncated": content[:-100],
        "cut header": content[:200],
        "no gguf": b"hello, I am no model" * 100,
        "unknown architecture": content.replace(b"llama", b"lhama"),
    }
    made = {"missing": tmp_path / "missing.gguf", "folder": tmp_path / "folder.gguf"}
    made["folder"].mkdir()
    for name, data in files.items():
        made[name] = tmp_path / f"{name.replace(' ', '-')}.gguf"
        made[name].write_bytes(data)
    return made


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "there is no file"),
        ("folder", "is a folder"),
        ("empty", "is empty"),
        ("truncated", "truncated"),
        ("cut header", "cut"),
        ("no gguf", "not a GGUF file"),
        ("unknown architecture", "unknown model architecture"),
    ],
)
def test_a_model_file_that_is_none(broken: dict[str, Path], name: str, reason: str) -> None:
    line = muai("--model", str(broken[name]), "--workflow", "chat_generate", "hello", code=1)
    assert broken[name].name in line
    assert reason in line or reason == "cut"


def test_a_model_that_needs_more_memory_than_there_is(tiny_gguf: Path) -> None:
    words = ("--model", str(tiny_gguf), "-c", "2000000000", "--workflow", "chat_generate", "hello")
    line = muai(*words, code=1)
    assert line.count("GB") == 2
    assert "--ctx-size" in line


def test_a_configured_model_that_is_not_here_names_the_command_offline() -> None:
    assert "muai pull gpt2" in muai("-m", "gpt2", "--offline", "hello", code=1)


def test_a_broken_workflow_that_is_chosen(own_home: Path) -> None:
    file = own_home / "workflows" / "mine.yaml"
    file.parent.mkdir()
    file.write_text("name: [\n", encoding="utf-8")
    assert str(file) in muai("--workflow", "mine", "hello", code=2)


def test_a_broken_prompt_file(own_home: Path) -> None:
    file = own_home / "prompts" / "mine.json"
    file.parent.mkdir()
    file.write_text('{"id": "mine"', encoding="utf-8")
    assert str(file) in muai("hello", code=2)


@pytest.mark.parametrize("content", ["search: [\n", "serch: {}\n", "search: {limit: many}\n", "- a\n"])
def test_a_broken_configuration_file(own_home: Path, content: str) -> None:
    file = own_home / "config.yaml"
    file.write_text(content, encoding="utf-8")
    assert str(file) in muai("hello", code=2)


def test_a_database_that_is_none(own_home: Path) -> None:
    (own_home / "muai.db").write_bytes(b"not a database at all" * 60)
    assert "is damaged" in muai("hello", code=1)


@posix
def test_a_home_that_is_a_file(own_home: Path) -> None:
    file = own_home / "file"
    file.touch()
    assert "MUAI_HOME" in muai("hello", code=1, MUAI_HOME=str(file))


@posix
@pytest.mark.parametrize("words", [("What is tea?",), ("--help",), ("models", "list"), ("--json", "What is tea?")])
def test_a_reader_that_leaves_early(words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ran = subprocess.run(
            [*MUAI, *words],
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert ran.returncode == 0
    assert b"error" not in ran.stderr
    assert b"Broken" not in ran.stderr


@posix
def test_no_stdout_at_all() -> None:
    ran = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m mm_orch.main hello >&-', sys.executable],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, b"error" in ran.stderr) == (0, False)


@posix
def test_a_plain_locale_loses_no_character() -> None:
    plain = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = subprocess.run(
        [*MUAI, "--quiet", "--workflow", "chat_generate", "你好，世界"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **plain},
        timeout=60,
        check=True,
    )
    assert "你好，世界" in ran.stdout.decode("utf-8")


def _started(words: Sequence[str], marker: str, until: bytes) -> subprocess.Popen[bytes]:
    """A process of its own group, once a line with ``until`` came on stderr.

    Unbuffered: what a buffered pipe read ahead, ``communicate`` would not return.
    """
    process = subprocess.Popen(
        [*MUAI, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TEST_MARK": marker},
        bufsize=0,
        start_new_session=True,
    )
    assert process.stderr
    while until not in process.stderr.readline():
        assert process.poll() is None
    return process


@posix
@pytest.mark.model
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_an_interrupted_answer_is_kept_and_leaves_no_child(number: int, code: int, own_home: Path) -> None:
    from mm_orch.parts import open_store
    from mm_orch.workflows import background

    marker = f"interrupted-{number}-{os.getpid()}"
    words = [
        "--real-models",
        "--workflow",
        "chat_generate",
        "-n",
        "2000",
        "--temp",
        "0",
        "Write a long story about a dragon.",
    ]
    process = _started(words, marker, b"loading model")
    try:
        assert process.stdout
        said = process.stdout.read(20)
        os.killpg(process.pid, number)
        rest, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == code, err
    assert b"Traceback" not in err
    assert gone(marker)
    store = open_store(keep=True)
    [run] = background.run(store.runs())
    kept = [message.content for message in background.run(store.messages(run.session_id))]
    assert run.status == "interrupted"
    assert kept[1].startswith((said + rest).decode("utf-8").rstrip("\n"))
