"""What each search engine behind a provider answered to one search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mm_orch.providers.search_status import wait_s

_ENCYCLOPEDIAS = ("wikipedia", "grokipedia")  # they answer also when they know nothing, and never refuse
_REFUSALS = (202, 403, 418, 429, 503)  # DuckDuckGo says 202 when it wants to see a human


@dataclass(slots=True)
class EngineReport:
    """What engines answered: ``statuses`` by their names, ``wait_s`` the longest time one asked for, if any did."""

    statuses: dict[str, int] = field(default_factory=dict)
    wait_s: float | None = None

    def note(self, engine: str, status: int, headers: Mapping[str, str]) -> None:
        """An engine's latest answer."""
        self.statuses[engine] = status
        asked = wait_s({name.lower(): value for name, value in headers.items()}) if status in _REFUSALS else None
        if asked is not None:
            self.wait_s = max(asked, self.wait_s or 0.0)

    @property
    def refused(self) -> dict[str, int]:
        """The engines that would not answer, with their status."""
        return {name: status for name, status in self.statuses.items() if status in _REFUSALS}

    @property
    def nobody_searched(self) -> bool:
        """Whether engines refused and no search engine proper answered."""
        answered = {name for name, status in self.statuses.items() if status == 200}
        return bool(self.refused) and answered <= set(_ENCYCLOPEDIAS)
