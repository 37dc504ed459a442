"""The reader process and its parent's side."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.documents.worker_process import WorkerProcess
from mm_orch.errors import FetchError, UnsupportedMedia
from tests.fixtures.documents import docx, epub, paragraph, pdf
from tests.fixtures.site import PAGES
from tests.fixtures.site_routes import QUADRATIC

_URL = "http://site.test/a"
_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    process = WorkerProcess()
    yield process
    process.close()


def test_it_reads_one_page_after_the_other(worker: WorkerProcess) -> None:
    for path in ("/zh/photosynthesis", "/zh/great-wall"):
        page = worker.read(PAGES[path].html.encode("gb18030"), "text/html", _URL, "gbk", limit_s=20)
        assert page.title == PAGES[path].title
        assert page.text.splitlines()[2] in PAGES[path].text


def test_its_refusals_arrive_as_the_same_errors(worker: WorkerProcess) -> None:
    with pytest.raises(UnsupportedMedia, match=r"image.*HTML"):
        worker.read(b"GIF89a", "", _URL, None, limit_s=20)
    with pytest.raises(FetchError, match="shows no text"):
        worker.read(b" ", "text/plain", _URL, None, limit_s=20)
    assert worker.is_running


def test_a_page_that_takes_too_long_ends_the_process(worker: WorkerProcess) -> None:
    worker.read(b"warm", "text/plain", _URL, None, limit_s=20)
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"took longer than 0\.3 s"):
        worker.read(QUADRATIC, "text/html", _URL, None, limit_s=0.3)
    assert time.monotonic() - began < 3
    assert not worker.is_running


def test_a_process_that_dies_in_mid_page_is_an_error_and_no_hang(worker: WorkerProcess) -> None:
    worker.read(b"warm", "text/plain", _URL, None, limit_s=20)
    os.kill(worker.pid, signal.SIGTERM)
    with pytest.raises(FetchError, match="made its reader crash"):
        worker.read(QUADRATIC, "text/html", _URL, None, limit_s=20)


@_POSIX
def test_ctrl_c_does_not_reach_it(worker: WorkerProcess) -> None:
    worker.read(b"warm", "text/plain", _URL, None, limit_s=20)
    os.kill(worker.pid, signal.SIGINT)
    assert worker.read(b"still here", "text/plain", _URL, None, limit_s=20).text == "still here"
    assert os.getpgid(worker.pid) != os.getpgrp()


_PARENT = """
import sys, threading, time
from mm_orch.documents.worker_process import WorkerProcess
from tests.fixtures.site_routes import QUADRATIC
worker = WorkerProcess()
worker.read(b"warm", "text/plain", "http://site.test/", None, limit_s=20)
request = (QUADRATIC, "text/html", "http://site.test/", None, 60)
threading.Thread(target=worker.read, args=request, daemon=True).start()
time.sleep(0.3)
print(worker.pid, flush=True)
time.sleep(60)
"""


@_POSIX
def test_it_dies_in_mid_page_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while _is_alive(pid):
        assert time.monotonic() < deadline, "the reader outlived its parent"
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    """A zombie that waits for an idle init is as good as gone."""
    if not Path("/proc/self/stat").exists():
        shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize(
    ("data", "media_type", "text"),
    [
        (pdf([["绿茶是不发酵的茶。"]]), "application/pdf", "绿茶是不发酵的茶。"),
        (docx(paragraph("绿茶", style="Heading1")), "", "# 绿茶"),
        (epub({"a.xhtml": "<html><body><h2>绿茶</h2></body></html>"}), "application/epub+zip", "## 绿茶"),
    ],
)
def test_it_reads_pdf_word_and_epub(worker: WorkerProcess, data: bytes, media_type: str, text: str) -> None:
    assert worker.read(data, media_type, _URL, None, limit_s=20).text == text


def test_a_document_that_exhausts_its_reader_is_an_error_and_the_next_one_is_read(worker: WorkerProcess) -> None:
    deep = docx("<w:sdt><w:sdtContent>" * 5000)
    with pytest.raises(FetchError, match="damaged Word document"):
        worker.read(deep, "", _URL, None, limit_s=20)
    assert worker.read(b"words", "text/plain", _URL, None, limit_s=20).text == "words"
