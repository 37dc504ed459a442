"""What of a prompt's context passages may have, and which of them go in: a ledger of every token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mm_orch.errors import ContextLengthExceeded
from mm_orch.nodes.asking import SLACK, without_examples
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.token_ledger import TokenLedger
from mm_orch.nodes.truncation import cut
from mm_orch.prompts import Prompt
from mm_orch.records.passage import Passage

NOTE_TOKENS = 48  # a note on a passage that does not fit
_ANSWER_SHARE = 4  # the answer gets at most one part in so many of the context
_HEAD_SHARE = 4  # a prompt's examples stay out where they would take more
_NOTES_SHARE = 3
_LEAST = 48  # tokens: less of a passage than this, with its marks, tells a model nothing
_MARKS = 24  # tokens of a passage's delimiters and title, about
_SHOWN = 60  # characters


@dataclass(slots=True)
class Budget:
    """Passages that go into a prompt, numbered from 1, and those that were worth reading but did not fit."""

    ledger: TokenLedger
    passages: list[Passage] = field(default_factory=list)
    overflow: list[Passage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The most ``tokens`` for passages together, and what is kept for the ``answer``."""

    tokens: int
    answer: int


async def fill(run: StepRun, prompt: Prompt, question: str, ranked: Sequence[Passage], wanted: Wanted) -> Budget:
    """Put the first of ``ranked`` into the context of the run's model, beside ``prompt``, question and answer.

    Raises ``ContextLengthExceeded`` when not even a part of a passage has room.
    """
    engine, context = run.deps.engine, await run.context_length()
    heads = prompt.messages(run.language, dict.fromkeys(prompt.variables, ""))
    texts = [as_text(replace(each, id=at), run.deps.nonce) for at, each in enumerate(ranked, 1)]
    full, bare, asked, *costs = await engine.count_tokens([heads, without_examples(heads), question, *texts])
    budget = Budget(TokenLedger(context))
    head = full if full * _HEAD_SHARE <= context else bare
    answer = min(wanted.answer, context // _ANSWER_SHARE)
    fixed = head + SLACK + asked + answer
    if fixed + _LEAST > context:
        raise ContextLengthExceeded(head + SLACK + asked + _LEAST, context - answer, context)
    budget.ledger.claim("prompt", prompt.id, head + SLACK)
    budget.ledger.claim("question", _short(question), asked)
    budget.ledger.claim("answer", "", answer)
    _fill(budget, ranked, costs, wanted.tokens)
    if ranked and not budget.passages:
        await _part(budget, run, ranked[0], min(budget.ledger.left, max(wanted.tokens, _LEAST)))
    return budget


def name(passage: Passage) -> str:
    """What a ledger calls a passage: its title and address."""
    return f"{passage.title[:_SHOWN]} <{passage.url}>".strip()


def _fill(budget: Budget, ranked: Sequence[Passage], costs: Sequence[int], tokens: int) -> None:
    for keep_free in (_for_notes(budget, costs, tokens), 0):
        _put_in(budget, ranked, costs, tokens, keep_free)
        if budget.passages:
            break
    used = {(each.url, each.start) for each in budget.passages}
    for passage, cost in zip(ranked, costs, strict=True):
        if (passage.url, passage.start) not in used:
            fits = cost <= tokens - sum(each.tokens for each in budget.passages)
            reason = "does not fit the context" if fits else f"over the step's limit of {tokens} tokens"
            budget.ledger.cut("passage", name(passage), cost, reason)


def _for_notes(budget: Budget, costs: Sequence[int], tokens: int) -> int:
    """Tokens kept free for notes on what does not fit the context, though the step's limit allows it."""
    if sum(costs) <= budget.ledger.left or budget.ledger.left >= tokens:
        return 0
    return min(budget.ledger.left // _NOTES_SHARE, NOTE_TOKENS * len(costs))


def _put_in(budget: Budget, ranked: Sequence[Passage], costs: Sequence[int], tokens: int, keep_free: int) -> None:
    budget.overflow = []
    for passage, cost in zip(ranked, costs, strict=True):
        if cost > tokens:
            continue
        if cost + keep_free <= budget.ledger.left and budget.ledger.claim("passage", name(passage), cost):
            budget.passages.append(replace(passage, id=len(budget.passages) + 1, tokens=cost))
            tokens -= cost
        else:
            budget.overflow.append(passage)
    begun, most = len(budget.passages), keep_free // NOTE_TOKENS
    budget.overflow = [replace(each, id=begun + at) for at, each in enumerate(budget.overflow[:most], 1)]


async def _part(budget: Budget, run: StepRun, passage: Passage, most: int) -> None:
    """As much of the passage's beginning as ``most`` tokens allow, in whole sentences where one fits."""
    [body] = await cut(run.deps.engine, [passage.text], [max(most - _MARKS, 1)])
    part = replace(passage, id=1, text=body)
    [cost] = await run.deps.engine.count_tokens([as_text(part, run.deps.nonce)])
    while cost > most and part.text:
        part = replace(part, text=part.text[: len(part.text) * most // cost - 1].rstrip())
        [cost] = await run.deps.engine.count_tokens([as_text(part, run.deps.nonce)])
    if part.text and budget.ledger.claim("passage", f"{name(passage)} (its beginning)", cost):
        budget.passages.append(replace(part, tokens=cost))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
