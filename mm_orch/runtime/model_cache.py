"""The models that are loaded now: which to keep, which to end, and one loading at a time of the same one."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.errors import EngineError, MuAIError
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.model_config import ModelConfig
from mm_orch.records.model_facts import ModelFacts
from mm_orch.runtime.quarantine import Quarantine

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """``models`` that write text are loaded at a time; what embeds or ranks counts against memory alone.

    ``memory`` is the share of the machine's (0..1) that loading may fill.
    """

    models: int
    memory: float


class Loading(Protocol):
    """How a model gets loaded."""

    def spec(self, config: ModelConfig) -> LoadSpec:
        """What to load."""
        ...

    def spawn(self, spec: LoadSpec) -> EngineProcess:
        """Start the child that loads it."""
        ...


class ModelCache:
    """Child processes by configuration, the one used longest ago first.

    A process in use is never ended: one that has to go ends when its last request does.
    ``share`` tells what share of the machine's memory would be in use after a load.
    """

    def __init__(
        self,
        limits: CacheLimits,
        loading: Loading,
        share: Callable[[LoadSpec], float],
        quarantine: Quarantine,
    ) -> None:
        self._limits, self._loading, self._share = limits, loading, share
        self._quarantine = quarantine
        self._closed = False
        self._inherited: list[_Slot] = []
        self._reset()
        _CACHES.add(self)

    def start(self, config: ModelConfig) -> None:
        """Begin to load without waiting for it."""
        slot = self._enter(config)
        try:
            with slot.lock:
                self._started(slot)
        finally:
            self._leave(slot)

    @contextlib.contextmanager
    def use(self, config: ModelConfig) -> Iterator[tuple[EngineProcess, ModelFacts]]:
        """The loaded model, kept for as long as the context lasts. Raises what loading it raises."""
        slot = self._enter(config)
        try:
            yield self._ready(slot)
        finally:
            self._leave(slot)

    def loaded(self) -> list[ModelConfig]:
        """What is loaded or loading, the one used last at the end."""
        with self._lock:
            return [slot.config for slot in self._slots.values() if slot.process is not None]

    def drop(self, wanted: Callable[[ModelConfig], bool]) -> int:
        """End the models that are ``wanted`` gone, and lift what put them aside; returns how many were ended."""
        with self._lock:
            self._quarantine.release(wanted)
            gone = [key for key, slot in self._slots.items() if wanted(slot.config)]
            slots = [self._slots.pop(key) for key in gone]
        for slot in slots:
            self._retire(slot)
        return sum(slot.process is not None for slot in slots)

    def close(self) -> None:
        """End all of them, at work or not; nothing can be loaded any more."""
        self._closed = True
        _end_all(self._slots, os.getpid())

    def forked(self) -> None:
        """Start empty in a forked process; the children are its parent's, and are not ended from here."""
        self._inherited += self._slots.values()
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._slots: dict[str, _Slot] = {}
        self._end = weakref.finalize(self, _end_all, self._slots, os.getpid())

    def _enter(self, config: ModelConfig) -> _Slot:
        key = repr(config)
        with self._lock:
            if self._closed:
                raise EngineError(
                    "the model manager is closed", hint="Make a new one, or use it inside its with block"
                )
            slot = self._slots.pop(key, None) or _Slot(config)
            self._slots[key] = slot
            slot.users += 1
            return slot

    def _leave(self, slot: _Slot) -> None:
        with self._lock:
            slot.users -= 1
            ends = slot.retired and slot.users == 0
        if ends and slot.process is not None:
            slot.process.close()

    def _ready(self, slot: _Slot) -> tuple[EngineProcess, ModelFacts]:
        with slot.lock:
            process = self._started(slot)
            try:
                facts = process.wait_ready()
            except MuAIError as error:
                slot.failure = error
                self._note_crash(slot)
                self._remove(slot)
                raise
            if not slot.told:
                slot.told = True
                for warning in facts.warnings:
                    logger.warning("model %r: %s", slot.config.name, warning)
            return process, facts

    def _started(self, slot: _Slot) -> EngineProcess:
        """The slot's process, made where there is none or where it died. The caller holds ``slot.lock``."""
        if slot.failure is not None:
            raise slot.failure
        if slot.process is None or not slot.process.alive:
            try:
                self._note_crash(slot)
                with self._lock:
                    self._quarantine.check(slot.config)
                spec = self._loading.spec(slot.config)
                slot.writes = not spec.embedding
                self._make_room(slot, spec)
                if slot.process is not None:
                    slot.process.close()
                slot.process = self._loading.spawn(spec)
            except BaseException as error:
                slot.failure = error if isinstance(error, MuAIError) else None
                self._remove(slot)
                raise
        return slot.process

    def _note_crash(self, slot: _Slot) -> None:
        crash = slot.process.crash if slot.process is not None else None
        if crash is not None:
            with self._lock:
                self._quarantine.add(slot.config, crash)

    def _make_room(self, new: _Slot, spec: LoadSpec) -> None:
        while True:
            with self._lock:
                others = [(key, slot) for key, slot in self._slots.items() if slot is not new and slot.process]
                writing = [(key, slot) for key, slot in others if slot.writes]
                if new.writes and len(writing) >= self._limits.models:
                    others = writing
                elif not others or self._share(spec) <= self._limits.memory:
                    return
                key, oldest = next(((key, slot) for key, slot in others if slot.users == 0), others[0])
                del self._slots[key]
            logger.info("unloading model %r to make room for %r", oldest.config.name, new.config.name)
            self._retire(oldest)

    def _remove(self, slot: _Slot) -> None:
        with self._lock:
            for key in [key for key, one in self._slots.items() if one is slot]:
                del self._slots[key]
        if slot.process is not None:
            slot.process.close()

    def _retire(self, slot: _Slot) -> None:
        """End a slot that is no longer listed; while it is used, whoever uses it last does."""
        with self._lock:
            slot.retired = True
            ends = slot.users == 0
        if ends and slot.process is not None:
            slot.process.close()


class _Slot:
    def __init__(self, config: ModelConfig) -> None:
        self.config = config
        self.lock = threading.RLock()
        self.process: EngineProcess | None = None
        self.failure: MuAIError | None = None
        self.users = 0
        self.writes = True
        self.retired = self.told = False


def _end_all(slots: dict[str, _Slot], owner: int) -> None:
    if os.getpid() != owner:
        return
    for slot in list(slots.values()):
        if slot.process is not None:
            slot.process.close()
    slots.clear()


_CACHES: weakref.WeakSet[ModelCache] = weakref.WeakSet()


def _after_fork() -> None:
    for cache in list(_CACHES):
        cache.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
