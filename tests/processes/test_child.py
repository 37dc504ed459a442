"""A child from its parent's side: start, questions, deadline, last words, and every way to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.errors import InvalidInput
from mm_orch.processes import frames
from mm_orch.processes.child import Child, own_group
from tests.processes.alive import ends_within

TALKER = "tests.processes.talker"
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def child() -> Iterator[Child]:
    started = Child(TALKER, {"TALKER": "told"})
    yield started
    started.close()


def test_it_answers_with_what_it_was_told_at_its_start(child: Child) -> None:
    head, body = child.ask({"n": 1, "text": "绿茶 \ud800"}, b"\0\n\xff")
    assert (head["n"], head["text"], body) == (1, "绿茶 \ud800", b"\0\n\xff")
    assert (head["pid"], head["variable"], head["stdin"]) == (child.pid, "told", "")


def test_what_is_sent_first_is_answered_first(child: Child) -> None:
    for n in range(3):
        child.send(frames.encode({"n": n}))
    answers = child.answers()
    assert [next(answers)[0]["n"] for _ in range(3)] == [0, 1, 2]


def test_what_json_cannot_hold_is_refused_and_harms_nobody(child: Child) -> None:
    with pytest.raises(InvalidInput):
        child.ask({"n": object()})
    assert child.ask({"n": 2})[0]["n"] == 2


def test_a_child_that_takes_too_long_is_ended(child: Child) -> None:
    child.ask({})
    began = time.monotonic()
    with pytest.raises(TimeoutError, match=r"0\.2 s"):
        child.ask({"sleep": 60}, limit_s=0.2)
    assert time.monotonic() - began < 3
    assert not child.is_running


def test_a_child_that_dies_leaves_its_last_words(child: Child) -> None:
    with pytest.raises(BrokenPipeError) as caught:
        child.ask({"exit": 3})
    assert str(caught.value).splitlines() == ["it ended with exit code 3", "no more\0 of this"]
    assert not child.is_running
    with pytest.raises(OSError, match="exit code 3"):
        child.ask({})


@posix
def test_a_child_that_a_signal_ended_says_which(child: Child) -> None:
    child.ask({})
    os.kill(child.pid, signal.SIGTERM)
    with pytest.raises(BrokenPipeError, match="signal 15"):
        child.ask({"sleep": 60})


def test_a_child_that_does_not_start_says_why() -> None:
    child = Child("tests.processes.no_such_module")
    with pytest.raises(BrokenPipeError, match="no_such_module"):
        child.ask({})
    child.close()


def test_killing_it_gives_up_what_is_asked(child: Child) -> None:
    child.ask({})
    threading.Timer(0.2, child.kill).start()
    with pytest.raises(ConnectionAbortedError):
        child.ask({"sleep": 60})


def test_closing_ends_its_answers_and_may_be_repeated(child: Child) -> None:
    child.ask({})
    child.close()
    child.close()
    assert list(child.answers()) == []
    assert not child.is_running
    with pytest.raises(BrokenPipeError):
        child.send(frames.encode({}))


def send_much(child: Child) -> None:
    with pytest.raises(BrokenPipeError):
        child.send(frames.encode({}, bytes(5_000_000)))


@posix
def test_closing_does_not_wait_for_a_child_that_does_not_read(child: Child) -> None:
    child.ask({})
    os.kill(child.pid, signal.SIGSTOP)
    writer = threading.Thread(target=send_much, args=(child,))
    writer.start()
    time.sleep(0.1)
    began = time.monotonic()
    child.close()
    assert time.monotonic() - began < 5
    writer.join(5)
    assert not writer.is_alive()


@posix
def test_the_users_ctrl_c_does_not_reach_it(child: Child) -> None:
    child.ask({})
    os.kill(child.pid, signal.SIGINT)
    assert child.ask({"n": 1})[0]["n"] == 1
    assert os.getpgid(child.pid) != os.getpgrp()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_never_ends_its_parents_child() -> None:
    script = (
        "import os\n"
        "from mm_orch.processes.child import Child\n"
        f"child = Child({TALKER!r})\n"
        "for leave in (child.kill, child.close):\n"
        "    forked = os.fork()\n"
        "    if forked == 0:\n"
        "        leave()\n"
        "        os._exit(0)\n"
        "    assert os.waitpid(forked, 0)[1] == 0\n"
        "    print(child.ask({'n': 1})[0]['n'])\n"
        "child.close()\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert ran.stdout.split() == ["1", "1"], ran.stderr


@posix
@pytest.mark.parametrize("work", [{}, {"sleep": 60}])
def test_it_dies_with_its_parent_idle_or_at_work(work: dict[str, int]) -> None:
    script = (
        "import time\n"
        "from mm_orch.processes import frames\n"
        "from mm_orch.processes.child import Child\n"
        f"child = Child({TALKER!r})\n"
        "child.ask({})\n"
        f"child.send(frames.encode({work!r}))\n"
        "time.sleep(0.1)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert ends_within(pid, 5)


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_group_of_its_own_is_a_session_on_posix(platform: str) -> None:
    assert own_group(platform) == {"start_new_session": True}


def test_a_group_of_its_own_has_no_window_on_windows() -> None:
    names = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
    known = [getattr(subprocess, name, value) for name, value in zip(names, (0x200, 0x0800_0000), strict=True)]
    assert own_group("win32") == {"creationflags": known[0] | known[1]}
