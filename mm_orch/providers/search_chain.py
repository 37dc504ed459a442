"""Several search providers in order: the first that finds something answers, and says why the others did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mm_orch.errors import InvalidInput, SearchError
from mm_orch.protocols import SearchProvider
from mm_orch.records.search import SearchAnswer, SearchQuery
from mm_orch.words import say


class SearchChain:
    """A ``SearchProvider`` over others, tried in the order given."""

    def __init__(self, providers: Sequence[SearchProvider]) -> None:
        """Raises ``InvalidInput`` when ``providers`` is empty."""
        if not providers:
            raise InvalidInput("no search provider is given", hint="Name at least one, for example --search ddgs")
        self._providers = tuple(providers)

    @property
    def name(self) -> str:
        """The providers' names, in order."""
        return ",".join(provider.name for provider in self._providers)

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """The first answer with hits; ``warnings`` hold the reason for each provider that was passed over.

        Finding nothing anywhere is an answer without hits. Raises ``SearchError`` with every reason when no
        provider could search at all; with a single provider, its own error.
        """
        reasons: list[str] = []
        failures: list[SearchError] = []
        for provider in self._providers:
            try:
                answer = await provider.search(query)
            except SearchError as error:
                failures.append(error)
                reasons.append(_named(provider.name, str(error)))
                continue
            if answer.hits:
                return replace(answer, warnings=(*reasons, *answer.warnings))
            reasons.extend((say("warning.found_nothing", query.language, provider=provider.name), *answer.warnings))
        if len(failures) < len(self._providers):
            return SearchAnswer((), self.name, tuple(reasons))
        if len(failures) == 1:
            raise failures[0]
        raise SearchError(f"no search provider could answer: {'; '.join(reasons)}") from failures[-1]


def _named(provider: str, reason: str) -> str:
    """``reason`` with the provider's name before it, unless it begins with that."""
    return reason if reason.startswith(f"{provider} ") else f"{provider}: {reason}"
