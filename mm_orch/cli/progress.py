"""What a run is doing, on stderr: a live line on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from mm_orch.cli import screen
from mm_orch.records.event import QueryEvent, Routed, StepFinished, StepProgress, StepPrompt, StepStarted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from mm_orch.records.workflow_result import WorkflowResult


class Progress(Protocol):
    """Told of every event; ``pause`` before the answer is written, ``done`` after it, ``close`` at the end."""

    def tell(self, event: QueryEvent) -> None: ...

    def say(self, text: str) -> None: ...

    def pause(self) -> None: ...

    def done(self, result: WorkflowResult) -> None: ...

    def close(self) -> None: ...


class Silence:
    """Tells nothing."""

    def tell(self, event: QueryEvent) -> None:
        return

    def say(self, text: str) -> None:
        return

    def pause(self) -> None:
        return

    def done(self, result: WorkflowResult) -> None:
        return

    def close(self) -> None:
        return


class PlainProgress:
    """A line a step, for logs and pipes."""

    def __init__(self, *, prompts: bool) -> None:
        self._prompts = prompts

    def tell(self, event: QueryEvent) -> None:
        text = prompt_of(event) if self._prompts else None
        text = text or ended(event)
        if text:
            screen.note(text)

    def say(self, text: str) -> None:
        screen.note(text)

    def pause(self) -> None:
        return

    def done(self, result: WorkflowResult) -> None:
        return

    def close(self) -> None:
        return


class LiveProgress:
    """One line that changes while nothing else is written; what is worth keeping stays above it."""

    def __init__(self, console: Console, *, prompts: bool) -> None:
        self._console, self._prompts = console, prompts
        self._status: Status | None = None
        self._paused = False
        self._speed = 0.0

    def tell(self, event: QueryEvent) -> None:
        text = prompt_of(event) if self._prompts else None
        if text:
            self._print(text)
        if isinstance(event, StepFinished):
            self._speed = event.tokens_per_second or self._speed
        doing = now(event)
        if doing and not self._paused:
            self._show(doing)
        if self._prompts and (text := ended(event)):
            self._print(text)

    def say(self, text: str) -> None:
        if not self._paused:
            self._show(text)

    def pause(self) -> None:
        self._paused = True
        self.close()

    def done(self, result: WorkflowResult) -> None:
        speed = f", {self._speed:.0f} tokens/s" if self._speed else ""
        self._print(f"({result.workflow}, {result.timings.get('total', 0.0):.1f} s{speed})", style="dim")

    def close(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _show(self, text: str) -> None:
        from rich.text import Text

        if self._status is None:
            self._status = self._console.status("")
            self._status.start()
        self._status.update(Text(screen.clean(text)))

    def _print(self, text: str, style: str | None = None) -> None:
        self._console.print(screen.clean(text), style=style, markup=False, highlight=False)


def progress(*, quiet: bool, verbose: bool) -> Progress:
    """The progress that suits stderr."""
    if quiet:
        return Silence()
    if not screen.is_terminal(sys.stderr):
        return PlainProgress(prompts=verbose)
    from rich.console import Console

    return LiveProgress(Console(stderr=True), prompts=verbose)


def now(event: QueryEvent) -> str | None:
    """What begins with the event."""
    match event:
        case Routed(route):
            return f"{route.workflow} ({route.confidence:.0%})"
        case StepStarted(identity):
            return f"{identity} …"
        case StepProgress(identity, what, done, total):
            return f"{identity}: {done}/{total} {what}"
    return None


def ended(event: QueryEvent) -> str | None:
    """What is known at the event's end."""
    match event:
        case Routed(route):
            return f"- workflow {route.workflow} ({route.confidence:.0%}): {route.reason}"
        case StepProgress(identity, what, done, total) if done:
            return f"- {identity}: {done}/{total} {what}"
        case StepFinished(identity, _, seconds, speed):
            return f"- {identity}: {seconds:.1f} s" + (f", {speed:.0f} tokens/s" if speed else "")
    return None


def prompt_of(event: QueryEvent) -> str | None:
    """The prompt that was sent, under a heading."""
    if isinstance(event, StepPrompt):
        return f"--- prompt of step {event.id!r} ---\n{event.prompt}\n--- end of prompt ---"
    return None
