"""Where a prompt's tokens went and how each sentence was checked, as lines. Read from a run's document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mm_orch.words import say

Document = Mapping[str, Any]


def checks(document: Document, language: str) -> list[str]:
    """The ledger and the sentences of a run's document; nothing where nothing was counted or checked."""
    return [*_ledger(document.get("ledger"), language), *_support(document.get("answer_support"), language)]


def _ledger(ledger: Document | None, language: str) -> Iterator[str]:
    if not ledger:
        return
    yield say("run.ledger", language, context=ledger["context"], used=ledger["used"], left=ledger["left"])
    for entry in ledger["entries"]:
        fate = say("run.used" if entry["used"] else "run.cut", language)
        reason = f" ({entry['reason']})" if entry["reason"] else ""
        yield f"  {entry['tokens']:>6}  {entry['kind']:<8}  {fate}  {entry['what']}{reason}"


def _support(support: Document | None, language: str) -> Iterator[str]:
    if not support:
        return
    names = ("supported", "unverified", "dropped", "repaired")
    yield say("run.checks", language, **{name: support[name] for name in names})
    if support["quoted_only"]:
        yield "  " + say("run.quoted_only", language)
    for sentence in support["sentences"]:
        verdict = say(f"run.{sentence['verdict']}", language)
        if sentence["verdict"] in ("supported", "unverified") and not sentence.get("shown", True):
            verdict += f", {say('run.dropped', language)}"
        again = f", {say('run.repaired', language)}" if sentence["repaired"] else ""
        reasons = f" ({'; '.join(sentence['reasons'])})" if sentence["reasons"] else ""
        yield f"  [{verdict}{again}] {sentence['text']}{reasons}"
