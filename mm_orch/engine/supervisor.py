"""The parent's side of a loaded model: starts the child, passes requests, watches it. Never imports llama_cpp."""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from mm_orch.engine.child import Child
from mm_orch.engine.wire import (
    decode_error,
    decode_result,
    encode_request,
    encode_spec,
    read_frame,
)
from mm_orch.errors import EngineCrashed, EngineError, EngineTimeout, ModelLoadError, MuAIError
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult, TextChunk
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.model_facts import ModelFacts

Sink = Callable[[GenerationEvent | MuAIError], None]
_log = logging.getLogger(__name__)


def list_devices() -> list[dict[str, Any]]:
    """What llama.cpp can compute on here, asked of a child that holds no model; see ``devices.devices``.

    Raises ``EngineCrashed`` with the reason where llama_cpp cannot be used at all.
    """
    child = Child()
    try:
        with contextlib.suppress(OSError):
            child.send({"do": "devices"})
        line = child.output.readline()
        if not line:
            raise EngineCrashed(f"llama.cpp cannot be used: {child.last_words()}", hint="Run scripts/setup again")
        devices: list[dict[str, Any]] = read_frame(line)["value"]
        return devices
    finally:
        child.close()
        child.output.close()


class EngineProcess:
    """One child process that holds one model.

    ``load_timeout_s`` bounds loading; ``stall_s`` is how long a child that has work may show no finished step. Both
    in seconds. The child ends with ``close``, with this object, and with this process.
    """

    def __init__(self, spec: LoadSpec, *, load_timeout_s: float = 300.0, stall_s: float = 60.0) -> None:
        self.spec = spec
        self._load_timeout_s = load_timeout_s
        self._stall_s = stall_s
        self._line: _Line | None = None

    def start(self) -> None:
        """Spawn the child and return; it loads meanwhile."""
        if self._line is not None:
            raise EngineError("the engine was started already")
        self._line = _Line(self.spec, self._load_timeout_s, self._stall_s)
        self._line.open()
        self._finalizer = weakref.finalize(self, self._line.close)

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
        if self._line is not None:
            self._line.cancel(ticket)

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
        return self._line is not None and self._line.is_open

    @property
    def pid(self) -> int | None:
        return None if self._line is None else self._line.child.pid

    def close(self) -> None:
        """End the child; requests that are still open end with ``EngineError``."""
        if self._line is not None:
            self._finalizer()

    def _opened(self) -> _Line:
        if self._line is None:
            raise EngineError("the engine was not started", hint="Call start() first")
        return self._line


class _Line:
    """The open connection. Its threads know it and not the ``EngineProcess``, so that one can be collected."""

    def __init__(self, spec: LoadSpec, load_timeout_s: float, stall_s: float) -> None:
        self._spec = spec
        self._load_timeout_s, self._stall_s = load_timeout_s, stall_s
        self._tickets = itertools.count(1)
        self._sinks: dict[int, Callable[[Any], None]] = {}
        self._lock = threading.Lock()
        self._loaded = threading.Event()
        self._over = threading.Event()
        self._facts: ModelFacts | None = None
        self._failure: MuAIError | None = None
        self._last_frame = time.monotonic()

    @property
    def is_open(self) -> bool:
        return not self._over.is_set() and self.child.is_running

    def open(self) -> None:
        self.child = Child()
        name = f"engine {self.child.pid}"
        self._reader = threading.Thread(target=self._read, name=name, daemon=True)
        self._reader.start()
        threading.Thread(target=self._watch, name=name, daemon=True).start()
        self._try_send({"do": "load", "spec": encode_spec(self._spec)})

    def wait_ready(self) -> ModelFacts:
        self._loaded.wait()
        if self._facts is None:
            raise self._failure or EngineError("the model was closed before it was loaded")
        return self._facts

    def ask(self, frame: dict[str, Any], sink: Callable[[Any], None]) -> int:
        ticket = next(self._tickets)
        with self._lock:
            if self._over.is_set():
                raise self._failure or EngineCrashed("the engine is closed", hint="Load the model again")
            if not self._sinks:
                self._last_frame = time.monotonic()
            self._sinks[ticket] = sink
        self._try_send({**frame, "ticket": ticket})
        return ticket

    def cancel(self, ticket: int) -> None:
        if ticket in self._sinks:
            self._try_send({"do": "cancel", "ticket": ticket})

    def close(self) -> None:
        self._fail_with(EngineError(f"the model {self._spec.path!r} was unloaded"))
        self.child.close()
        self._end()
        if threading.current_thread() is not self._reader:
            self._reader.join(timeout=2)

    def _try_send(self, frame: Mapping[str, Any]) -> None:
        try:
            self.child.send(frame)
        except OSError:
            # The reading thread sees the end of the pipe too, and tells everyone who waits.
            _log.debug("the engine's pipe is closed")

    def _read(self) -> None:
        with self.child.output as frames:
            for line in frames:
                self._last_frame = time.monotonic()
                self._take(read_frame(line))
        self._fail_with(EngineCrashed(f"the model's process died: {self.child.last_words()}"))
        self._end()

    def _take(self, frame: Mapping[str, Any]) -> None:
        kind = frame["is"]
        if kind == "events":
            for ticket, what, value in frame["events"]:
                self._deliver(ticket, _decode_event(what, value), last=what != "text")
        elif kind == "reply":
            self._deliver(frame["ticket"], frame["value"], last=True)
        elif kind == "error":
            self._deliver(frame["ticket"], decode_error(frame["error"]), last=True)
        elif kind == "ready":
            facts = frame["facts"]
            self._facts = ModelFacts(**{**facts, "warnings": tuple(facts["warnings"])})
            self._loaded.set()
        elif kind == "failed":
            self._fail_with(decode_error(frame["error"]))

    def _deliver(self, ticket: int, value: Any, *, last: bool) -> None:
        sink = self._sinks.pop(ticket, None) if last else self._sinks.get(ticket)
        if sink is None:
            return
        try:
            sink(value)
        except Exception:
            _log.exception("a listener of request %d failed", ticket)

    def _watch(self) -> None:
        """Kill a child that does not load in time, or that has work and finishes no step."""
        if not self._wait_loaded():
            return
        while not self._over.wait(min(1.0, self._stall_s / 4)):
            if self._sinks and time.monotonic() - self._last_frame > self._stall_s:
                self._fail_with(EngineTimeout(f"the model finished no step in {self._stall_s:g} s"))
                self.child.kill()
                return

    def _wait_loaded(self) -> bool:
        if not self._loaded.wait(self._load_timeout_s):
            self._fail_with(ModelLoadError(f"{self._spec.path!r} did not load in {self._load_timeout_s:g} s"))
            self.child.kill()
        return self._facts is not None

    def _fail_with(self, failure: MuAIError) -> None:
        """Name the reason; the first one counts."""
        with self._lock:
            self._failure = self._failure or failure

    def _end(self) -> None:
        """Tell everyone who still waits that it is over, and why."""
        with self._lock:
            self._over.set()
            left = list(self._sinks)
        self._loaded.set()
        for ticket in left:
            self._deliver(ticket, self._failure, last=True)


def _decode_event(what: str, value: Any) -> TextChunk | GenerationResult | MuAIError:
    if what == "text":
        return TextChunk(value)
    return decode_result(value) if what == "result" else decode_error(value)
