"""What of a prompt's context passages may have, and which of them go in: a ledger of every token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mm_orch.errors import ContextLengthExceeded
from mm_orch.nodes.asking import without_examples
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.wording import worded
from mm_orch.prompts import Prompt
from mm_orch.protocols import TextEngine
from mm_orch.records.passage import Passage
from mm_orch.text.segments import sentences
from mm_orch.text.token_ledger import TokenLedger

SLACK = 16  # tokens that a template may add
NOTE_TOKENS = 48  # a note on a passage that does not fit
_ANSWER_SHARE = 4  # the answer gets at most one part in so many of the context
_HEAD_SHARE = 4  # a prompt's examples stay out where they would take more
_NOTES_SHARE = 3
_LEAST = 24  # tokens: less of a passage than this tells a model nothing
_SHOWN = 60  # characters


@dataclass(slots=True)
class Room:
    """Passages that go into a prompt, numbered from 1, and those that were worth reading but did not fit."""

    ledger: TokenLedger
    passages: list[Passage] = field(default_factory=list)
    overflow: list[Passage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The most ``tokens`` for passages together, and what is kept for the ``answer``."""

    tokens: int
    answer: int


async def fill(run: StepRun, prompt: Prompt, question: str, ranked: Sequence[Passage], wanted: Wanted) -> Room:
    """Put the first of ``ranked`` into the context of the run's model, beside ``prompt``, question and answer.

    Raises ``ContextLengthExceeded`` when not even a part of a passage has room.
    """
    engine, context = run.deps.engine, await run.context_length()
    heads = prompt.messages(run.language, dict.fromkeys(prompt.variables, ""))
    texts = [worded(replace(each, id=at), run.deps.nonce) for at, each in enumerate(ranked, 1)]
    full, bare, asked, *costs = await engine.count_tokens([heads, without_examples(heads), question, *texts])
    room = Room(TokenLedger(context))
    head = full if full * _HEAD_SHARE <= context else bare
    answer = min(wanted.answer, context // _ANSWER_SHARE)
    fixed = head + SLACK + asked + answer
    if fixed + _LEAST > context:
        raise ContextLengthExceeded(head + SLACK + asked + _LEAST, context - answer, context)
    room.ledger.claim("prompt", prompt.id, head + SLACK)
    room.ledger.claim("question", _short(question), asked)
    room.ledger.claim("answer", "", answer)
    _fill(room, ranked, costs, wanted.tokens)
    if ranked and not room.passages:
        await _part(room, engine, ranked[0], texts[0])
    return room


def name(passage: Passage) -> str:
    """What a ledger calls a passage: its title and address."""
    return f"{passage.title[:_SHOWN]} <{passage.url}>".strip()


def _fill(room: Room, ranked: Sequence[Passage], costs: Sequence[int], tokens: int) -> None:
    reserved = 0
    if sum(costs) > room.ledger.left and sum(costs) <= tokens:
        reserved = min(room.ledger.left // _NOTES_SHARE, NOTE_TOKENS * len(ranked))
    for passage, cost in zip(ranked, costs, strict=True):
        numbered = replace(passage, id=len(room.passages) + 1, tokens=cost)
        if cost > tokens:
            room.ledger.cut("passage", name(passage), cost, "over the step's limit of tokens")
        elif cost + reserved <= room.ledger.left:
            room.ledger.claim("passage", name(passage), cost)
            room.passages.append(numbered)
            tokens -= cost
        else:
            room.ledger.cut("passage", name(passage), cost, "does not fit the context")
            room.overflow.append(numbered)
    most = reserved // NOTE_TOKENS
    begun = len(room.passages)
    room.overflow = [replace(each, id=begun + at) for at, each in enumerate(room.overflow[:most], 1)]


async def _part(room: Room, engine: TextEngine, passage: Passage, text: str) -> None:
    """As many of the passage's first sentences as fit."""
    pieces = sentences(passage.text)
    whole, *counts = await engine.count_tokens([text, *pieces])
    left = room.ledger.left - max(0, whole - sum(counts)) - SLACK
    kept = 0
    while kept < len(pieces) and counts[kept] <= left:
        left -= counts[kept]
        kept += 1
    body = "".join(pieces[:kept]).rstrip()
    if not body:
        body = pieces[0][: len(pieces[0]) * max(left, 1) // max(counts[0], 1)].rstrip()
    part = replace(passage, id=1, text=body)
    [cost] = await engine.count_tokens([worded(part)])
    if body and room.ledger.claim("passage", name(passage), cost):
        room.passages.append(replace(part, tokens=cost))
        room.overflow = [each for each in room.overflow if each.start != passage.start or each.url != passage.url]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
