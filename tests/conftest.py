"""What holds for every test: a home of its own, a clean environment, no network. Registers shared fixtures."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = [
    "tests.fixtures.tiny_gguf",
    "tests.fixtures.split_gguf",
    "tests.fixtures.hub",
    "tests.fixtures.search_site",
    "tests.fixtures.hostile_site",
    "tests.fixtures.site",
]

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_INTERNET = (socket.AF_INET, socket.AF_INET6)
_CLEARED_PREFIXES = ("MUAI_", "LANGSMITH", "LANGCHAIN_", "HF_", "PIP_")
_CLEARED = {"http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy"}
_REAL = {
    "connect": socket.socket.connect,
    "connect_ex": socket.socket.connect_ex,
    "getaddrinfo": socket.getaddrinfo,
}


def pytest_configure() -> None:
    """A job in the background may have been started with Ctrl-C ignored, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``MUAI_HOME`` of this test, empty; also a Hugging Face cache that is empty, and no proxies."""
    for name in list(os.environ):
        if name.startswith(_CLEARED_PREFIXES) or name.lower() in _CLEARED:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MUAI_HOME", str(home / "muai"))
    monkeypatch.setenv("HF_HOME", str(home / "huggingface"))
    (home / "muai").mkdir()
    return home / "muai"


@pytest.fixture
def loopback() -> None:
    """Ask for this to be allowed to connect to this machine; the marker ``loopback`` does the same."""


@pytest.fixture(autouse=True)
def guarded_sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Refuses every connection and name look-up, but those to this machine where the test asks for ``loopback``.

    A refused attempt also fails the test at its end: code that lives on without a network must not hide it.
    Pipes and socket pairs, which asyncio needs, stay open (on Windows they are loopback connections).
    """
    asked = "loopback" in request.fixturenames or request.node.get_closest_marker("loopback") is not None
    allowed = _LOOPBACK if asked or os.name == "nt" else set()
    refused: list[str] = []

    def check(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name not in allowed:
            refused.append(name)
            raise PermissionError(f"tests have no network, but {name!r} was asked for")

    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in _INTERNET:
            check(address[0])
        return _REAL["connect"](self, address)

    def connect_ex(self: socket.socket, address: Any) -> Any:
        if self.family in _INTERNET:
            check(address[0])
        return _REAL["connect_ex"](self, address)

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if host is not None:
            check(host)
        return _REAL["getaddrinfo"](host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield
    if refused:
        hint = "" if asked else " (for a server of its own on this machine a test asks for the fixture loopback)"
        pytest.fail(f"the test reached for the network: {', '.join(sorted(set(refused)))}{hint}")
