"""Which sequences take part in the next batch, and what becomes of them: pick, decode, sample, emit.

Longer than most files here, because the four parts of a step share one state and are read together.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from mm_orch.engine.admission import Admission
from mm_orch.engine.decoder import BatchToken, Decoder, Pieces, Scales
from mm_orch.engine.pace import Pace
from mm_orch.engine.prefix_cache import PrefixCache
from mm_orch.engine.sequence import Sequence
from mm_orch.errors import ContextLengthExceeded, EngineError, EngineTimeout, MuAIError
from mm_orch.records.generation import FinishReason, GenerationResult, TextChunk


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell whoever asked for ``ticket``; a result or an error is the last."""

    ticket: int
    what: TextChunk | GenerationResult | MuAIError


@dataclass(frozen=True, slots=True)
class _Share:
    """A sequence's part of a batch; ``index`` is where its logits are, None while its prompt is not all there."""

    sequence: Sequence
    count: int
    index: int | None


class Scheduler:
    """Runs up to ``n_live`` sequences together over one decoder. One thread only, but for ``cancel``."""

    def __init__(
        self,
        decoder: Decoder,
        pieces: Pieces,
        cache: PrefixCache,
        n_live: int,
        use_adapters: Callable[[Scales], None],
        learn: Callable[[str, list[int]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._decoder = decoder
        self._pieces = pieces
        self._cache = cache
        self._admission = Admission(cache, n_live, decoder.n_ctx)
        self._use_adapters = use_adapters
        self._learn = learn
        self._clock = clock
        self._by_ticket: dict[int, Sequence] = {}
        self._waiting: deque[Sequence] = deque()
        self._running: list[Sequence] = []
        self._batch: list[_Share] = []
        self._events: list[Event] = []
        # One had to give up its cells: none starts before another ends, or it would take and lose them for ever.
        self._is_full = False
        self._pace = Pace(decoder.n_batch)
        self.n_evaluated = 0

    @property
    def is_busy(self) -> bool:
        """Whether any request runs or waits."""
        return bool(self._waiting or self._running)

    @property
    def n_waiting(self) -> int:
        """How many requests have no cells yet."""
        return len(self._waiting)

    def counts(self) -> dict[str, int]:
        """Tokens evaluated since the start, and requests that run and wait now."""
        return {
            "evaluated_tokens": self.n_evaluated,
            "running": len(self._running),
            "waiting": len(self._waiting),
        }

    def add(self, sequence: Sequence) -> None:
        """Queue a request."""
        self._by_ticket[sequence.ticket] = sequence
        self._waiting.append(sequence)

    def cancel(self, ticket: int) -> None:
        """End a request within a step; from any thread. A batch that nobody else waits for is aborted."""
        sequence = self._by_ticket.get(ticket)
        if sequence is not None:
            sequence.is_cancelled.set()
        batch = self._batch
        if batch and all(share.sequence.is_cancelled.is_set() for share in batch):
            self._decoder.abort()

    def step(self) -> list[Event]:
        """Move every running sequence on; returns what there is to tell."""
        self._end_unwanted()
        self._admit()
        tokens = self._pick()
        if tokens and self._decode(tokens):
            self._sample()
        return self._emit()

    def _end_unwanted(self) -> None:
        now = self._clock()
        for sequence in [*self._running, *self._waiting]:
            if sequence.is_cancelled.is_set():
                self._finish(sequence, "cancelled")
            elif sequence.deadline is not None and now > sequence.deadline:
                timeout = sequence.request.config.timeout
                self._fail(sequence, EngineTimeout(f"the request took longer than its timeout of {timeout:g} s"))

    def _admit(self) -> None:
        while not self._is_full and (sequence := self._admission.next(self._waiting, self._running)) is not None:
            self._waiting.remove(sequence)
            sequence.slot, sequence.computed = self._cache.acquire(sequence.tokens, sequence.key)
            if sequence.cached is None:
                sequence.cached = sequence.computed
            self._running.append(sequence)

    def _pick(self) -> list[BatchToken]:
        """One token of each sequence that writes, then prompts in chunks, all of one set of adapters."""
        self._batch = []
        self._decoder.allow()
        if not self._running:
            return []
        key = self._running[0].key
        group = [sequence for sequence in self._running if sequence.key == key]
        self._use_adapters(key)
        room = self._decoder.n_batch
        tokens: list[BatchToken] = []
        chunk = self._pace.chunk
        for sequence in sorted(group, key=lambda one: one.n_missing > 1):
            allowed = room if sequence.n_missing == 1 else min(room, chunk)
            count = min(sequence.n_missing, allowed)
            if count < 1:
                continue
            if sequence.n_missing > 1:
                chunk -= count
            room -= count
            self._put(sequence, count, tokens)
        # Whoever was first goes last: every set of adapters and every prompt gets its turn.
        self._running = [*(one for one in self._running if one.key != key), *group[1:], group[0]]
        return tokens

    def _put(self, sequence: Sequence, count: int, tokens: list[BatchToken]) -> None:
        start, end = sequence.computed, sequence.computed + count
        is_whole = end == len(sequence.tokens)
        assert sequence.slot is not None
        for position in range(start, end):
            wants_logits = is_whole and position == end - 1
            tokens.append(BatchToken(sequence.tokens[position], position, sequence.slot, wants_logits))
        self._batch.append(_Share(sequence, count, len(tokens) - 1 if is_whole else None))

    def _decode(self, tokens: list[BatchToken]) -> bool:
        """Evaluate; True if there is something to sample."""
        if all(share.sequence.is_cancelled.is_set() for share in self._batch):
            return False
        started = self._clock()
        try:
            code = self._decoder.decode(tokens)
            while code == 1 and self._cache.evict():
                code = self._decoder.decode(tokens)
        except EngineError as error:
            self._lose_batch(error)
            return False
        if code == 0:
            self._account(len(tokens), self._clock() - started)
            return True
        if code == 1:
            self._make_room()
        self._roll_back()
        return False

    def _account(self, n_tokens: int, seconds: float) -> None:
        self.n_evaluated += n_tokens
        for share in self._batch:
            share.sequence.computed += share.count
            self._cache.advance(_slot(share.sequence), share.sequence.computed)
        self._pace.learn(n_tokens - len(self._batch), n_tokens, seconds)

    def _roll_back(self) -> None:
        """Forget the cells that an unfinished decode may have written."""
        for share in self._batch:
            if share.sequence.slot is not None:
                self._decoder.remove(share.sequence.slot, share.sequence.computed)

    def _lose_batch(self, error: EngineError) -> None:
        for share in self._batch:
            sequence = share.sequence
            slot, sequence.slot = _slot(sequence), None
            self._cache.drop(slot)
            self._fail(sequence, error)

    def _make_room(self) -> None:
        """All cells are taken by running sequences: the one that came last starts over when there is room."""
        if len(self._running) == 1:
            self._finish_full(self._running[0])
            return
        victim = max(self._running, key=lambda one: one.submitted)
        self._running.remove(victim)
        self._cache.drop(_slot(victim))
        victim.slot, victim.computed = None, 0
        self._waiting.appendleft(victim)
        self._is_full = True

    def _finish_full(self, sequence: Sequence) -> None:
        if sequence.n_written:
            self._finish(sequence, "length")
        else:
            size = len(sequence.tokens)
            self._fail(sequence, ContextLengthExceeded(size, self._decoder.n_ctx, self._decoder.n_ctx))

    def _sample(self) -> None:
        for share in self._batch:
            if share.index is None or share.sequence.is_cancelled.is_set():
                continue
            try:
                token = share.sequence.sampler.sample(share.index)
            except MuAIError as error:
                self._fail(share.sequence, error)
            else:
                self._take(share.sequence, token, share.index)

    def _take(self, sequence: Sequence, token: int, index: int) -> None:
        if sequence.first_token is None:
            sequence.first_token = self._clock()
        if self._pieces.is_end(token):
            self._finish(sequence, "stop")
            return
        sequence.tokens.append(token)
        logprob = sequence.sampler.logprob(index, token)
        if logprob is not None:
            sequence.logprobs.append(logprob)
        self._tell(sequence, sequence.text.push(self._pieces.piece(token)))
        if sequence.text.stopped:
            self._finish(sequence, "stop")
        elif sequence.n_left == 0 or len(sequence.tokens) >= self._decoder.n_ctx:
            self._finish(sequence, "length")

    def _tell(self, sequence: Sequence, text: str) -> None:
        if text:
            self._events.append(Event(sequence.ticket, TextChunk(text)))

    def _finish(self, sequence: Sequence, reason: FinishReason) -> None:
        self._tell(sequence, sequence.text.finish())
        self._learn(sequence.text.text, sequence.written)
        self._release(sequence)
        self._events.append(Event(sequence.ticket, sequence.result(reason, self._clock())))

    def _fail(self, sequence: Sequence, error: MuAIError) -> None:
        self._release(sequence)
        self._events.append(Event(sequence.ticket, error))

    def _release(self, sequence: Sequence) -> None:
        del self._by_ticket[sequence.ticket]
        self._is_full = False
        if sequence in self._running:
            self._running.remove(sequence)
        elif sequence in self._waiting:
            self._waiting.remove(sequence)
        if sequence.slot is not None:
            self._cache.retire(sequence.slot)
            sequence.slot = None
        sequence.sampler.close()

    def _emit(self) -> list[Event]:
        events, self._events = self._events, []
        return events


def _slot(sequence: Sequence) -> int:
    assert sequence.slot is not None
    return sequence.slot
