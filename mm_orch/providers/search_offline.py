"""What takes the place of network providers under --offline, where none is built."""

from __future__ import annotations

from collections.abc import Sequence

from mm_orch.errors import SearchError
from mm_orch.records.search import SearchAnswer, SearchQuery


class OfflineSearch:
    """A ``SearchProvider`` that says that the providers ``left_out`` were not asked."""

    name = "offline"

    def __init__(self, left_out: Sequence[str]) -> None:
        self._left_out = ", ".join(left_out)

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Raises ``SearchError`` always."""
        raise SearchError(f"offline: {self._left_out} was not asked", hint="Leave out --offline to search the web")
