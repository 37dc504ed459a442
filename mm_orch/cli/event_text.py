"""Events of a run as lines."""

from __future__ import annotations

from mm_orch.records.event import (
    QueryEvent,
    Routed,
    StepDraft,
    StepFinished,
    StepLedger,
    StepProgress,
    StepPrompt,
    StepStarted,
)
from mm_orch.words import say


def now(event: QueryEvent, language: str = "en") -> str | None:
    """What begins with the event."""
    match event:
        case Routed(route):
            return f"{route.workflow} ({route.confidence:.0%})"
        case StepStarted(identity):
            return f"{identity} …"
        case StepProgress(identity, what, done, total):
            return f"{identity}: {done}/{total} {_counted(what, language)}"
        case StepDraft(identity):
            return f"{identity} …"
    return None


def ended(event: QueryEvent, language: str = "en") -> str | None:
    """What is known at the event's end."""
    match event:
        case Routed(route):
            return f"- workflow {route.workflow} ({route.confidence:.0%}): {route.reason}"
        case StepProgress(identity, what, done, total) if done:
            return f"- {identity}: {done}/{total} {_counted(what, language)}"
        case StepLedger(identity, ledger):
            return f"- {identity}: {say('run.left', language, count=f'{ledger.left:,}')}"
        case StepFinished(identity, _, seconds, speed):
            return f"- {identity}: {seconds:.1f} s" + (f", {speed:.0f} tokens/s" if speed else "")
    return None


def prompt_of(event: QueryEvent) -> str | None:
    """The prompt that was sent, under a heading."""
    if isinstance(event, StepPrompt):
        return f"--- prompt of step {event.id!r} ---\n{event.prompt}\n--- end of prompt ---"
    return None


def _counted(what: str, language: str) -> str:
    """The word for what a step counts; one that is not known stays as it is."""
    return say(f"run.{what}", language) if what in ("pages", "sections") else what
