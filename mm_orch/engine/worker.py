"""The child process, ``python -m mm_orch.engine.worker``: takes frames from the pipe, steps, sends events."""

from __future__ import annotations

import queue
import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mm_orch.engine.engine import Engine
from mm_orch.engine.native.devices import devices
from mm_orch.engine.scheduler import Event
from mm_orch.engine.wire import decode_request, decode_spec, encode_result
from mm_orch.errors import EngineError, MuAIError, NotEnoughMemory, as_json
from mm_orch.processes.frames import Head
from mm_orch.processes.inside import Parent
from mm_orch.records.generation import GenerationResult, TextChunk

# A step that has nothing to tell still shows that it finished, no more often than this many seconds.
_PULSE_SECONDS = 1.0
# Text that goes on is told no more often than this, in seconds: whoever reads wakes up, on a core that computes.
_GATHER_SECONDS = 0.02


class Worker:
    """One model, one parent."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent
        self._inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._engine: Engine | None = None
        self._cancelled: set[int] = set()
        self._begun: set[int] = set()
        self._untold: list[Event] = []
        self._last_frame = time.monotonic()

    def run(self) -> None:
        """Load what the first frame names, then serve until the pipe ends."""
        self._parent.listen(self._receive)
        first = self._inbox.get()
        if first["do"] == "devices":
            self._send({"is": "reply", "ticket": 0, "value": devices()})
            return
        try:
            self._engine = Engine(decode_spec(first["spec"]))
        except MuAIError as error:
            self._send({"is": "failed", "error": as_json(error)})
            return
        except MemoryError:
            failure = NotEnoughMemory(f"there was not enough memory to load {first['spec']['path']!r}")
            self._send({"is": "failed", "error": as_json(failure)})
            return
        self._send({"is": "ready", "facts": asdict(self._engine.facts)})
        while True:
            self._serve(self._engine)

    def _serve(self, engine: Engine) -> None:
        """Take what has come, waiting only when there is nothing else to do, and step."""
        while not (self._inbox.empty() and engine.scheduler.is_busy):
            self._take(engine, self._inbox.get())
        self._tell(engine.step())
        for notice in engine.take_notices():
            self._send({"is": "notice", "text": notice})

    def _receive(self, frame: Head, _body: bytes) -> None:
        """Runs in a thread of its own: a cancel counts at once."""
        if frame["do"] == "cancel":
            self._cancelled.add(frame["ticket"])
            if self._engine is not None:
                self._engine.scheduler.cancel(frame["ticket"])
        else:
            self._inbox.put(frame)

    def _take(self, engine: Engine, frame: Mapping[str, Any]) -> None:
        ticket = frame["ticket"]
        try:
            if frame["do"] == "generate":
                engine.submit(ticket, decode_request(frame["request"]), frame["submitted"])
                if ticket in self._cancelled:
                    engine.scheduler.cancel(ticket)
            else:
                self._send(
                    {"is": "reply", "ticket": ticket, "value": engine.call(frame["method"], frame["params"])}
                )
        except MuAIError as error:
            self._send({"is": "error", "ticket": ticket, "error": as_json(error)})
        except Exception as error:
            traceback.print_exc()
            failure = EngineError(f"the request failed inside the engine: {type(error).__name__}: {error}")
            self._send({"is": "error", "ticket": ticket, "error": as_json(failure)})

    def _tell(self, events: list[Event]) -> None:
        """Send what there is: at once the beginning and the end of an answer, the rest gathered."""
        self._untold += events
        waits = _GATHER_SECONDS if self._untold else _PULSE_SECONDS
        if any(map(self._is_urgent, events)) or time.monotonic() - self._last_frame > waits:
            told, self._untold = self._untold, []
            self._send({"is": "events", "events": [self._encode(event) for event in told]})

    def _is_urgent(self, event: Event) -> bool:
        return not isinstance(event.what, TextChunk) or event.ticket not in self._begun

    def _encode(self, event: Event) -> tuple[int, str, Any]:
        if isinstance(event.what, TextChunk):
            self._begun.add(event.ticket)
            return event.ticket, "text", event.what.text
        self._begun.discard(event.ticket)
        self._cancelled.discard(event.ticket)
        if isinstance(event.what, GenerationResult):
            return event.ticket, "result", encode_result(event.what)
        return event.ticket, "error", as_json(event.what)

    def _send(self, frame: Mapping[str, Any]) -> None:
        self._last_frame = time.monotonic()
        self._parent.tell(frame)


if __name__ == "__main__":
    here = Parent()
    Worker(here).run()
    here.leave()
