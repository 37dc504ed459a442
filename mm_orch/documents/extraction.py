"""Reading documents in a thread."""

from __future__ import annotations

import asyncio

from mm_orch.documents.reader import read_document
from mm_orch.records.page import Page


class ExtractionPool:
    """Reads documents beside the event loop."""

    async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page:
        """As ``read_document``."""
        return await asyncio.to_thread(read_document, data, media_type, url, charset)

    def warm(self) -> None:
        """Nothing to prepare."""

    def close(self) -> None:
        """Nothing to end."""
