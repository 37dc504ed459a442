"""A model in its process: loading, writing, counting, and what happens when the process is not well."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.engine import gguf
from mm_orch.engine.supervisor import EngineProcess, list_devices
from mm_orch.errors import (
    EngineCrashed,
    EngineError,
    EngineTimeout,
    InvalidInput,
    ModelError,
    ModelLoadError,
    ModelNotFound,
    NotEnoughMemory,
)
from mm_orch.records.load_spec import LoadSpec
from tests.engine.asking import ask, begin, chat, engine_of, request
from tests.fixtures.tiny_gguf import write_tiny_gguf

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.fixture(scope="module")
def engine(tiny_gguf: Path) -> Iterator[EngineProcess]:
    with engine_of(tiny_gguf) as engine:
        yield engine


def test_the_facts_of_a_model_are_told(engine: EngineProcess) -> None:
    facts = engine.wait_ready()
    assert (facts.n_ctx, facts.n_ctx_train, facts.architecture) == (2048, 2048, "llama")
    assert facts.has_chat_template
    assert not facts.can_embed
    assert facts.warnings == ()


def test_a_guessed_chat_format_is_a_warning(tiny_gguf_without_template: Path) -> None:
    with engine_of(tiny_gguf_without_template) as engine:
        assert "chatml" in engine.wait_ready().warnings[0]


def test_requests_may_be_sent_before_the_model_is_ready(tiny_gguf: Path) -> None:
    engine = EngineProcess(LoadSpec(str(tiny_gguf), 2048, 1))
    engine.start()
    try:
        assert ask(engine, request("hello")).usage.completion_tokens == 8
    finally:
        engine.close()


def test_questions_about_tokens_are_answered(engine: EngineProcess) -> None:
    tokens = engine.call("tokenize", {"text": "hello 世界 😀"})
    assert engine.call("detokenize", {"tokens": tokens}) == "hello 世界 😀"
    assert engine.call("count_tokens", {"prompts": [{"text": "hello 世界 😀"}]}) == [len(tokens)]


def test_the_devices_are_listed_with_and_without_a_model(engine: EngineProcess) -> None:
    listed = engine.call("devices", {})
    assert [device["name"] for device in list_devices()] == [device["name"] for device in listed]
    assert any(device["kind"] == "cpu" and device["total_bytes"] > 0 for device in listed)


@needs_posix
def test_closing_does_not_wait_for_a_child_that_does_not_read(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf) as engine:
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGSTOP)
        writer = threading.Thread(target=engine.submit, args=(request("x" * 1_000_000), print), daemon=True)
        writer.start()
        time.sleep(0.3)
        started = time.monotonic()
        engine.close()
        assert time.monotonic() - started < 5
        writer.join(5)
        assert not writer.is_alive()


def test_a_context_longer_than_trained_is_a_warning(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf, n_ctx=4096) as engine:
        assert "2048" in engine.wait_ready().warnings[0]


def test_an_unknown_method_is_an_error_and_nothing_else(engine: EngineProcess) -> None:
    with pytest.raises(EngineError, match="nonsense"):
        engine.call("nonsense", {})
    with pytest.raises(EngineError, match="KeyError"):
        engine.call("tokenize", {})
    with pytest.raises(InvalidInput, match="no message"):
        engine.call("count_tokens", {"prompts": [{"messages": []}]})
    with pytest.raises(EngineError, match="no token"):
        engine.call("detokenize", {"tokens": [99999]})


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"none\.gguf"), engine_of(tmp_path / "none.gguf"):
        pass


def test_llama_cpps_own_reason_is_told(tmp_path: Path, tiny_gguf: Path) -> None:
    path = tmp_path / "odd.gguf"
    path.write_bytes(tiny_gguf.read_bytes().replace(b"llama", b"lmama"))
    with pytest.raises(ModelLoadError, match="unknown model architecture: 'lmama'"), engine_of(path):
        pass


def test_a_model_that_needs_more_memory_than_there_is_names_both_numbers(tiny_gguf: Path) -> None:
    with (
        pytest.raises(NotEnoughMemory, match=r"needs about [\d.]+ GB .* [\d.]+ GB are available"),
        engine_of(tiny_gguf, n_ctx=1 << 31),
    ):
        pass


def test_a_load_that_takes_too_long_is_ended(tiny_gguf: Path) -> None:
    engine = EngineProcess(LoadSpec(str(tiny_gguf), 2048, 1), load_timeout_s=0.01)
    engine.start()
    with pytest.raises(ModelLoadError, match=r"0\.01 s"):
        engine.wait_ready()
    assert not engine.alive


def test_an_engine_that_was_closed_says_so(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf) as engine:
        _, answer = begin(engine, request(chat("hello"), max_tokens=2000))
        engine.close()
        assert isinstance(answer.outcome(), EngineError)
    with pytest.raises(EngineError, match="unloaded"):
        engine.submit(request("hello"), print)
    assert not engine.alive


def test_a_listener_that_fails_harms_nobody_else(engine: EngineProcess) -> None:
    def fail(_event: object) -> None:
        raise RuntimeError("listener")

    engine.submit(request("hello"), fail)
    assert ask(engine, request("hello")).usage.completion_tokens == 8


@needs_posix
@pytest.mark.parametrize("number", ["SIGKILL", "SIGABRT", "SIGSEGV"])
def test_a_child_that_dies_ends_its_requests_and_nothing_else(tiny_gguf: Path, number: str) -> None:
    with engine_of(tiny_gguf) as engine:
        _, answer = begin(engine, request(chat("hello"), max_tokens=2000))
        assert answer.began.wait(30)
        assert engine.pid is not None
        os.kill(engine.pid, getattr(signal, number))
        started = time.monotonic()
        failure = answer.outcome()
        assert time.monotonic() - started < 5
        assert isinstance(failure, EngineCrashed)
        assert "signal" in str(failure)
        with pytest.raises(EngineCrashed):
            engine.submit(request("hello"), print)


@needs_posix
def test_a_child_that_stands_still_is_ended(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf, stall_s=1.0) as engine:
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGSTOP)
        _, answer = begin(engine, request("hello"))
        assert isinstance(answer.outcome(), EngineTimeout)
        assert not engine.alive


def test_an_idle_engine_is_not_taken_for_one_that_stands_still(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf, stall_s=0.5) as engine:
        time.sleep(1.2)
        assert ask(engine, request("hello")).usage.completion_tokens == 8


@needs_posix
def test_a_dead_parent_leaves_no_child_behind(tiny_gguf: Path) -> None:
    script = (
        "import sys, time\n"
        "from tests.engine.asking import begin, chat, engine_of, request\n"
        "from pathlib import Path\n"
        "with engine_of(Path(sys.argv[1])) as engine:\n"
        "    _, answer = begin(engine, request(chat('hello'), max_tokens=2000))\n"
        "    answer.began.wait(30)\n"
        "    print(engine.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", script, str(tiny_gguf)], stdout=subprocess.PIPE, cwd=root)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _gone(child, 5.0)


@needs_posix
def test_the_users_interrupt_does_not_reach_the_child(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf) as engine:
        assert engine.pid is not None
        assert os.getpgid(engine.pid) != os.getpgid(0)
        os.kill(engine.pid, signal.SIGINT)
        assert ask(engine, request("hello")).usage.completion_tokens == 8


@needs_posix
def test_an_engine_that_is_forgotten_is_ended(tiny_gguf: Path) -> None:
    engine = EngineProcess(LoadSpec(str(tiny_gguf), 2048, 1))
    engine.start()
    engine.wait_ready()
    pid = engine.pid
    assert pid is not None
    del engine
    assert _gone(pid, 5.0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_never_ends_its_parents_child(tiny_gguf: Path) -> None:
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from tests.engine.asking import ask, engine_of, request\n"
        "with engine_of(Path(sys.argv[1])) as engine:\n"
        "    for leave in (lambda: sys.exit(0), engine.close, engine._connection.child.kill):\n"
        "        forked = os.fork()\n"
        "        if forked == 0:\n"
        "            leave()\n"
        "            sys.exit(0)\n"
        "        assert os.waitpid(forked, 0)[1] == 0\n"
        "        ask(engine, request('hello'))\n"
        "    print('answered')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tiny_gguf)],
        capture_output=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[2],
        timeout=60,
        check=False,
    )
    assert ran.stdout.split() == ["answered"], ran.stderr


def test_the_parent_never_imports_llama_cpp() -> None:
    code = "import mm_orch.engine.supervisor, mm_orch.engine.gguf, sys; sys.exit('llama_cpp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_mutated_headers_never_harm_the_parent(tiny_gguf: Path, tmp_path: Path) -> None:
    data = tiny_gguf.read_bytes()
    end = gguf.read_header(tiny_gguf).data_offset
    dice = random.Random(5)
    for number in range(24):
        mutant = bytearray(data)
        mutant[dice.randrange(24, end)] = dice.choice((0, 1, 255, dice.randrange(256)))
        path = tmp_path / f"mutant{number}.gguf"
        path.write_bytes(mutant)
        with contextlib.suppress(ModelError, EngineError), engine_of(path) as engine:
            ask(engine, request("hello", max_tokens=1))


def test_threads_that_ask_at_once_get_their_own_answers(engine: EngineProcess) -> None:
    alone = {n: ask(engine, request(chat(f"hello {n}"), temperature=0, max_tokens=12)).text for n in range(4)}
    together: dict[int, str] = {}

    def work(n: int) -> None:
        together[n] = ask(engine, request(chat(f"hello {n}"), temperature=0, max_tokens=12)).text

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_no_files_are_left_open(tmp_path: Path) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("counts open files through /proc")
    path = write_tiny_gguf(tmp_path / "tiny.gguf")
    with engine_of(path):
        pass
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with engine_of(path) as engine:
            ask(engine, request("hello"))
    assert len(os.listdir("/proc/self/fd")) <= before


def _gone(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text(encoding="ascii"):
            return True
        time.sleep(0.05)
    return False
