"""Part ``sessions``: eight conversations in turns; what a turn evaluates, and how long its first token takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from benchmarks.speed.companion import Companion
from benchmarks.speed.rig import Rig
from benchmarks.speed.rounds import alternate
from benchmarks.speed.row import Row
from mm_orch.engine.wire import encode_spec
from mm_orch.records.generation import GenerationResult
from mm_orch.records.message import Message
from mm_orch.runtime import model_loader
from mm_orch.runtime.inference_engine import InferenceEngine

N_SESSIONS, N_TURNS = 8, 20
_N_IN, _N_OUT = 30, 30
# The template's own tokens in a turn, generously.
_GLUE = 20
# A character that the token limit breaks off is no part of the next prompt, and its cells are of no use to it.
_WHOLE_CHARACTERS = r"root ::= [ -~\n]*"


@dataclass
class Session:
    """``tokens`` is the prompt and answer of its last turn; ``excess`` what turns evaluated beyond what was new."""

    history: list[Message] = field(default_factory=list)
    tokens: int = 0
    excess: list[int] = field(default_factory=list)
    evaluated: list[int] = field(default_factory=list)

    def take(self, text: str, result: GenerationResult) -> None:
        """Note the answer to ``text``. Its last token was never evaluated: the next turn has to."""
        usage = result.usage
        evaluated = usage.prompt_tokens - usage.cached_tokens
        if self.history:
            self.evaluated.append(evaluated)
            self.excess.append(evaluated - (usage.prompt_tokens - self.tokens + 1))
        self.history += [Message("user", text), Message("assistant", result.text)]
        self.tokens = usage.prompt_tokens + usage.completion_tokens


def sessions(rig: Rig) -> Iterator[Row]:
    engine = rig.open(N_SESSIONS * N_TURNS * (_N_IN + _N_OUT + _GLUE))
    talks = [Session() for _ in range(N_SESSIONS)]
    for _ in range(N_TURNS - 1):
        for talk in talks:
            _turn(rig, engine, talk)
    worst = max(max(talk.excess) for talk in talks)
    usual = median(count for talk in talks for count in talk.evaluated)
    note = f"a turn evaluates {usual:.0f} tokens before it writes"
    yield Row("sessions", "tokens evaluated twice, worst turn", worst, 0, at_most=True, note=note)
    yield _first_token(rig, engine, talks)


def _turn(rig: Rig, engine: InferenceEngine, talk: Session) -> None:
    text = rig.numbers(_N_IN)
    messages = [*talk.history, Message("user", text)]
    talk.take(text, engine.generate(messages, max_tokens=_N_OUT, logit_bias=rig.ends, grammar=_WHOLE_CHARACTERS))


def _first_token(rig: Rig, engine: InferenceEngine, talks: list[Session]) -> Row:
    """The last turn of one session after the other, against the bare loop at the same depth, alone in its cache."""
    config = engine.tokenizer.model.config
    spec = model_loader.load_spec(config, model_loader.resolve(config))
    n_new = round(median(count for talk in talks for count in talk.evaluated))
    waiting = list(talks)

    def last_turn() -> float:
        talk = waiting.pop(0)
        waiting.append(talk)
        messages = [*talk.history, Message("user", rig.numbers(_N_IN))]
        started = time.monotonic()
        engine.generate(messages, max_tokens=1, logit_bias=rig.ends)
        return time.monotonic() - started

    depth = round(median(talk.tokens for talk in talks))
    start = {"spec": encode_spec(spec), "depth": depth, "n_new": n_new}
    with Companion("bare_loop", start) as bare:
        contestants = {"MuAI": last_turn, "bare loop": lambda: float(bare.ask({}))}
        measured = alternate(contestants, rig.rounds, rig.patience_s)
    note = f"{measured.median('MuAI') * 1e3:.0f} and {measured.median('bare loop') * 1e3:.0f} ms at {depth} tokens"
    pairs = measured.pairs("MuAI", "bare loop")
    what = f"first token at turn {N_TURNS} / bare loop"
    return Row.of_pairs("sessions", what, pairs, 1.4, at_most=True, disturbed=measured.disturbed, note=note)
