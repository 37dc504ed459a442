"""The parent's side of a loaded model: starts the child, passes requests, watches it. Never imports llama_cpp."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from mm_orch.engine.connection import Connection, start_child
from mm_orch.engine.crash import Crash
from mm_orch.engine.wire import encode_request
from mm_orch.errors import EngineCrashed, EngineError, MuAIError
from mm_orch.records.generation import GenerationEvent, GenerationRequest
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.model_facts import ModelFacts

Sink = Callable[[GenerationEvent | MuAIError], None]


def list_devices() -> list[dict[str, Any]]:
    """What llama.cpp can compute on here, asked of a child that holds no model; see ``devices.devices``.

    Raises ``EngineCrashed`` with the reason where llama_cpp cannot be used at all.
    """
    child = start_child()
    try:
        devices: list[dict[str, Any]] = child.ask({"do": "devices"})[0]["value"]
        return devices
    except OSError as error:
        raise EngineCrashed(f"llama.cpp cannot be used: {error}", hint="Run scripts/setup again") from error
    finally:
        child.close()


class EngineProcess:
    """One child process that holds one model.

    ``load_timeout_s`` bounds loading; ``stall_s`` is how long a child that has work may show no finished step. Both
    in seconds. The child ends with ``close``, with this object, and with this process.
    """

    def __init__(self, spec: LoadSpec, *, load_timeout_s: float = 300.0, stall_s: float = 60.0) -> None:
        self.spec = spec
        self._load_timeout_s = load_timeout_s
        self._stall_s = stall_s
        self._connection: Connection | None = None

    def start(self) -> None:
        """Spawn the child and return; it loads meanwhile."""
        if self._connection is not None:
            raise EngineError("the engine was started already")
        self._connection = Connection(self.spec, self._load_timeout_s, self._stall_s)
        self._connection.open()
        self._finalizer = weakref.finalize(self, self._connection.close)

    def wait_ready(self) -> ModelFacts:
        """What the model says of itself, once it is loaded.

        Raises ``ModelLoadError`` or ``NotEnoughMemory`` with the reason, ``EngineCrashed`` if the child died.
        """
        return self._opened().wait_ready()

    def submit(self, request: GenerationRequest, sink: Sink) -> int:
        """Queue a request, before the model is ready too; returns its ticket.

        ``sink`` is called on another thread; its last call is a ``GenerationResult`` or an error. Raises
        ``EngineCrashed`` if the child is gone.
        """
        frame = {"do": "generate", "request": encode_request(request), "submitted": time.monotonic()}
        return self._opened().ask(frame, sink)

    def cancel(self, ticket: int) -> None:
        """Stop writing; the sink gets what there is as a result that says ``"cancelled"``."""
        if self._connection is not None:
            self._connection.cancel(ticket)

    def call(self, method: str, params: Mapping[str, Any]) -> Any:
        """Ask the child and wait: ``count_tokens``, ``tokenize``, ``detokenize``, ``render``, ``embed`` …"""
        answered = threading.Event()
        outcome: list[Any] = []

        def take(value: Any) -> None:
            outcome.append(value)
            answered.set()

        self._opened().ask({"do": "call", "method": method, "params": dict(params)}, take)
        answered.wait()
        if isinstance(outcome[0], MuAIError):
            raise outcome[0]
        return outcome[0]

    @property
    def alive(self) -> bool:
        """Whether the child runs."""
        return self._connection is not None and self._connection.is_open

    @property
    def pid(self) -> int | None:
        """The child's process id, None before it started."""
        return None if self._connection is None else self._connection.child.pid

    @property
    def crash(self) -> Crash | None:
        """How the child died by itself; None while it lives, and if it was ended."""
        return None if self._connection is None else self._connection.crash()

    def close(self) -> None:
        """End the child; requests that are still open end with ``EngineError``."""
        if self._connection is not None:
            self._finalizer()

    def _opened(self) -> Connection:
        if self._connection is None:
            raise EngineError("the engine was not started", hint="Call start() first")
        return self._connection
