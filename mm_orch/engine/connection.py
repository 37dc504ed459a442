"""The open connection to a child: tickets and who waits for them, the end of it, and the watch over its steps."""

from __future__ import annotations

import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from mm_orch.engine.crash import LOADING, Crash, causes_of
from mm_orch.engine.wire import decode_result, encode_spec
from mm_orch.errors import EngineCrashed, EngineError, EngineTimeout, ModelLoadError, MuAIError, of_json
from mm_orch.processes import frames
from mm_orch.processes.child import Child
from mm_orch.processes.frames import Frame
from mm_orch.records.generation import GenerationResult, TextChunk
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.model_facts import ModelFacts

_log = logging.getLogger(__name__)
# How long the end of a child may take to be noticed and told to all who wait.
_END_SECONDS = 5.0
# Spins of OpenMP's threads before they sleep. They wait for each other hundreds of times a token: beside other busy
# programs a long spin made a token cost ten times as much.
_SPINS = "20000"


def start_child() -> Child:
    """``python -m mm_orch.engine.worker``, which loads what its first frame names."""
    # GGML_NO_BACKTRACE: else ggml attaches a debugger to itself when it aborts.
    spins = os.environ.get("GOMP_SPINCOUNT", _SPINS)
    return Child("mm_orch.engine.worker", {"GGML_NO_BACKTRACE": "1", "GOMP_SPINCOUNT": spins})


class Connection:
    """A running child. Its threads know it and not the ``EngineProcess``, so that one can be collected."""

    def __init__(self, spec: LoadSpec, load_timeout_s: float, stall_s: float) -> None:
        self._spec = spec
        self._load_timeout_s, self._stall_s = load_timeout_s, stall_s
        self._tickets = itertools.count(1)
        self._sinks: dict[int, Callable[[Any], None]] = {}
        self._sent: dict[int, Mapping[str, Any]] = {}
        self._lock = threading.Lock()
        self._loaded = threading.Event()
        self._over = threading.Event()
        self._facts: ModelFacts | None = None
        self._failure: MuAIError | None = None
        self._crash: Crash | None = None
        self._last_frame = time.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether the child takes requests."""
        return not self._over.is_set() and self.child.is_running

    def open(self) -> None:
        """Start the child and send it what to load."""
        self.child = start_child()
        name = f"engine {self.child.pid}"
        self._reader = threading.Thread(target=self._read, name=name, daemon=True)
        self._reader.start()
        threading.Thread(target=self._watch, name=name, daemon=True).start()
        self._try_send(frames.encode({"do": "load", "spec": encode_spec(self._spec)}))

    def wait_ready(self) -> ModelFacts:
        """Block until the model is loaded; raises what loading failed with."""
        self._loaded.wait()
        if self._facts is None:
            raise self._failure or EngineError("the model was closed before it was loaded")
        return self._facts

    def ask(self, frame: dict[str, Any], sink: Callable[[Any], None]) -> int:
        """Send a request and return its ticket; ``sink`` gets what comes of it. Raises ``EngineError``."""
        ticket = next(self._tickets)
        data = frames.encode({**frame, "ticket": ticket})
        with self._lock:
            if self._over.is_set():
                raise self._failure or EngineCrashed("the engine is closed", hint="Load the model again")
            if not self._sinks:
                self._last_frame = time.monotonic()
            self._sinks[ticket], self._sent[ticket] = sink, frame
        self._try_send(data)
        return ticket

    def cancel(self, ticket: int) -> None:
        """Let the child end a request; what it wrote so far still comes."""
        if ticket in self._sinks:
            self._try_send(frames.encode({"do": "cancel", "ticket": ticket}))

    def crash(self) -> Crash | None:
        """How the child died; None while it lives, and if it was ended on purpose."""
        if not self.child.is_running:
            # The reading thread is about to see it.
            self._over.wait(_END_SECONDS)
        return self._crash

    def close(self) -> None:
        """End the child; requests that run fail."""
        if not self.child.is_ours:
            # A thread that held a lock here when the process was forked is not there to let go of it.
            return
        self._fail_with(EngineError(f"the model {self._spec.path!r} was unloaded"))
        self.child.close()
        self._end()
        if threading.current_thread() is not self._reader:
            self._reader.join(timeout=2)

    def _try_send(self, frame: Frame) -> None:
        try:
            self.child.send(frame)
        except OSError:
            # The reading thread sees the end of the pipe too, and tells everyone who waits.
            _log.debug("the engine's pipe is closed")

    def _read(self) -> None:
        for frame, _ in self.child.answers():
            self._last_frame = time.monotonic()
            self._take(frame)
        self._note_crash()
        self._end()

    def _note_crash(self) -> None:
        """Called at the end of the pipe: unless somebody meant it, the child died."""
        if self._failure is not None:
            return
        words = self.child.last_words()
        self._fail_with(EngineCrashed(f"the model's process died: {words}", hint="The next request loads it again"))
        if isinstance(self._failure, EngineCrashed):
            causes = causes_of(list(self._sent.values())) if self._facts else frozenset({LOADING})
            self._crash = Crash(time.monotonic(), causes, words.splitlines()[0])

    def _take(self, frame: Mapping[str, Any]) -> None:
        kind = frame["is"]
        if kind == "events":
            for ticket, what, value in frame["events"]:
                self._deliver(ticket, _decode_event(what, value), last=what != "text")
        elif kind == "reply":
            self._deliver(frame["ticket"], frame["value"], last=True)
        elif kind == "error":
            self._deliver(frame["ticket"], of_json(frame["error"], EngineError), last=True)
        elif kind == "ready":
            facts = frame["facts"]
            self._facts = ModelFacts(**{**facts, "warnings": tuple(facts["warnings"])})
            self._loaded.set()
        elif kind == "notice":
            _log.warning("%s", frame["text"])
        elif kind == "failed":
            self._fail_with(of_json(frame["error"], EngineError))

    def _deliver(self, ticket: int, value: Any, *, last: bool) -> None:
        sink = self._sinks.pop(ticket, None) if last else self._sinks.get(ticket)
        if last:
            self._sent.pop(ticket, None)
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
    return decode_result(value) if what == "result" else of_json(value, EngineError)
