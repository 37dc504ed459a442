"""What a run is doing, on a terminal: a line that changes, and below it a draft for as long as it is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mm_orch.cli import screen
from mm_orch.cli.estimate import Estimate, duration
from mm_orch.cli.event_text import ended, now, prompt_of
from mm_orch.records.event import QueryEvent, StepDraft, StepFinished, StepStarted
from mm_orch.words import say

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.live import Live

    from mm_orch.records.workflow_result import WorkflowResult

_DRAFT_LINES = 8


class LiveProgress:
    """Changes while nothing else is written; what is worth keeping stays above it."""

    def __init__(
        self, console: Console, *, prompts: bool, language: str = "en", clock: Callable[[], float] | None = None
    ) -> None:
        self._console, self._prompts, self._language = console, prompts, language
        self._estimate = Estimate(clock) if clock else Estimate()
        self._live: Live | None = None
        self._paused = False
        self._speed = 0.0
        self._doing, self._draft = "", ""

    def tell(self, event: QueryEvent) -> None:
        """Show what began and keep what ended."""
        text = prompt_of(event) if self._prompts else None
        if text:
            self._print(text)
        self._estimate.tell(event)
        if isinstance(event, StepFinished):
            self._speed = event.tokens_per_second or self._speed
        if isinstance(event, StepStarted):
            self._draft = ""
        if isinstance(event, StepDraft):
            self._draft += event.text
        self._doing = now(event, self._language) or self._doing
        if self._doing and not self._paused:
            self._show()
        if self._prompts and (text := ended(event, self._language)):
            self._print(text)

    def say(self, text: str) -> None:
        """A line above the live one."""
        self._doing = text
        if not self._paused:
            self._show()

    def pause(self) -> None:
        """Take the live line away: the answer is written now."""
        self._paused = True
        self.close()

    def done(self, result: WorkflowResult) -> None:
        """The run ended with ``result``."""
        speed = f", {self._speed:.0f} tokens/s" if self._speed else ""
        self._print(f"({result.workflow}, {result.timings.get('total', 0.0):.1f} s{speed})", style="dim")

    def close(self) -> None:
        """Take the live line away for good."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def line(self) -> str:
        """What is being done, what is left of the context, how long it may still take."""
        parts = [self._doing]
        estimate = self._estimate
        if estimate.tokens_left is not None:
            parts.append(say("run.left", self._language, count=f"{estimate.tokens_left:,}"))
        if (seconds := estimate.left()) is not None:
            parts.append(say("run.about", self._language, time=duration(seconds)))
        elif (seconds := estimate.at_most()) is not None:
            parts.append(say("run.at_most", self._language, time=duration(seconds)))
        return " · ".join(parts)

    def _show(self) -> None:
        from rich.live import Live

        if self._live is None:
            self._live = Live(console=self._console, transient=True, refresh_per_second=8, redirect_stdout=False)
            self._live.start()
        self._live.update(self._picture())

    def _picture(self) -> Group:
        from rich.console import Group
        from rich.spinner import Spinner
        from rich.text import Text

        line = Spinner("dots", Text(screen.clean(self.line())))
        if not self._draft:
            return Group(line)
        shown = screen.clean(self._draft.strip())[-_DRAFT_LINES * self._console.width // 2 :]
        return Group(line, Text(say("run.draft", self._language), style="dim"), Text(shown, style="dim italic"))

    def _print(self, text: str, style: str | None = None) -> None:
        self._console.print(screen.clean(text), style=style, markup=False, highlight=False)
