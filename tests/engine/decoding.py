"""A decoder without a model: its next token follows from its cells, so a wrong cell shows as a wrong answer."""

from __future__ import annotations

import itertools
from collections.abc import Sequence as Tokens

from mm_orch.engine.decoder import BatchToken, Scales
from mm_orch.engine.prefix_cache import PrefixCache
from mm_orch.engine.prompt import Prepared
from mm_orch.engine.scheduler import Event, Scheduler
from mm_orch.engine.sequence import Sequence
from mm_orch.engine.text_stream import TextStream
from mm_orch.errors import EngineError, MuAIError
from mm_orch.records.generation import GenerationRequest, GenerationResult
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.token_logprob import TokenLogprob

END = 2


def following(history: Tokens[int]) -> int:
    """The token after ``history``: any change of one of its tokens or of its length changes it."""
    return 3 + sum(place * token for place, token in enumerate(history, 1)) % 9973


def written(prompt: Tokens[int], count: int) -> list[int]:
    """What a loop over one sequence alone would write."""
    history = list(prompt)
    for _ in range(count):
        history.append(following(history))
    return history[len(prompt) :]


class FakeDecoder:
    """Cells that sequences share as llama.cpp's do. ``codes`` are what the next decodes return, ``error`` once."""

    def __init__(self, n_ctx: int = 1000, n_batch: int = 64) -> None:
        self.n_ctx, self.n_batch = n_ctx, n_batch
        self.batches: list[list[BatchToken]] = []
        self.codes: list[int] = []
        self.error: EngineError | None = None
        self.aborts = 0
        self.logits: dict[int, int] = {}
        self._cells: dict[int, list[tuple[int, int]]] = {}
        self._next = itertools.count()

    @property
    def n_used(self) -> int:
        """Cells that hold something; one that several sequences share counts once."""
        return len({cell for cells in self._cells.values() for cell, _ in cells})

    def decode(self, tokens: Tokens[BatchToken]) -> int:
        if self.error:
            error, self.error = self.error, None
            raise error
        code = self.codes.pop(0) if self.codes else 0
        if code == 1 or self.n_used + len(tokens) > self.n_ctx:
            return 1
        self.batches.append(list(tokens))
        self.logits = {}
        for index, item in enumerate(tokens[: len(tokens) // 2] if code == 2 else tokens):
            cells = self._cells.setdefault(item.seq, [])
            assert item.pos == len(cells), f"sequence {item.seq} has {len(cells)} cells, not {item.pos}"
            cells.append((next(self._next), item.token))
            if item.wants_logits:
                self.logits[index] = following([token for _, token in cells])
        return code

    def remove(self, seq: int, start: int = 0) -> bool:
        del self._cells.get(seq, [])[start:]
        return True

    def copy(self, source: int, target: int, end: int) -> None:
        self._cells[target] = self._cells[source][:end]

    def abort(self) -> None:
        self.aborts += 1

    def allow(self) -> None: ...

    def is_end(self, token: int) -> bool:
        return token == END

    def piece(self, token: int) -> bytes:
        return f"{token} ".encode()


class FakeSampler:
    """Takes the decoder's token; ``ends_after`` tokens it ends the answer, or raises ``error``."""

    def __init__(self, decoder: FakeDecoder, ends_after: int | None = None, error: MuAIError | None = None) -> None:
        self._decoder, self._left, self._error = decoder, ends_after, error
        self.closed = False

    def sample(self, index: int) -> int:
        if self._error:
            raise self._error
        if self._left == 0:
            return END
        self._left = None if self._left is None else self._left - 1
        return self._decoder.logits[index]

    def logprob(self, index: int, token: int) -> TokenLogprob | None:
        return None

    def close(self) -> None:
        self.closed = True


class Bench:
    """A scheduler over a fake decoder, with a clock that a test sets and everything that was told."""

    def __init__(self, n_ctx: int = 1000, n_batch: int = 64, n_live: int = 4, n_slots: int = 8) -> None:
        self.decoder = FakeDecoder(n_ctx, n_batch)
        self.now = 0.0
        self.used: list[Scales] = []
        self.events: list[Event] = []
        cache = PrefixCache(self.decoder, n_slots)
        self.scheduler = Scheduler(
            self.decoder, self.decoder, cache, n_live, self.used.append, lambda text, tokens: None, lambda: self.now
        )
        self._tickets = itertools.count(1)

    def ask(
        self,
        prompt: Tokens[int],
        max_tokens: int = 5,
        *,
        session: str | None = None,
        key: Scales = (),
        timeout: float | None = None,
        sampler: FakeSampler | None = None,
    ) -> int:
        """Queue a request; returns its ticket."""
        ticket = next(self._tickets)
        config = GenerationConfig(max_tokens=max_tokens, timeout=timeout)
        request = GenerationRequest("", config, session_id=session)
        sampler = sampler or FakeSampler(self.decoder)
        prepared = Prepared(list(prompt), "")
        self.scheduler.add(Sequence(ticket, request, prepared, sampler, TextStream(), self.now + ticket / 1e6, key))
        return ticket

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            self.events += self.scheduler.step()

    def run(self) -> None:
        """Step until nothing is left to do."""
        for _ in range(2000):
            if not self.scheduler.is_busy:
                return
            self.step()
        raise AssertionError("the scheduler never came to an end")

    def ended(self, ticket: int) -> GenerationResult | MuAIError:
        """The last word on ``ticket``."""
        [last] = [
            event.what
            for event in self.events
            if event.ticket == ticket and isinstance(event.what, GenerationResult | MuAIError)
        ]
        return last

    def tokens(self, ticket: int) -> list[int]:
        """What was written for ``ticket``."""
        result = self.ended(ticket)
        assert isinstance(result, GenerationResult), result
        return [int(piece) for piece in result.text.split()]

    def order(self) -> list[int]:
        """Tickets in the order in which they ended."""
        return [event.ticket for event in self.events if isinstance(event.what, GenerationResult | MuAIError)]
