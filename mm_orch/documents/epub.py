"""An EPUB book into title and Markdown: its chapters in the order of the spine."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from mm_orch.documents.archive import Archive
from mm_orch.documents.charset import decode
from mm_orch.documents.html import read_fragment
from mm_orch.errors import FetchError
from mm_orch.words import Sentence

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"


def read_epub(data: bytes, url: str) -> tuple[str, str]:
    """``(title, Markdown)``; the title is empty where the book names none.

    Raises ``FetchError`` for a book that is damaged, protected against copying, or unpacks to too much.
    """
    archive = Archive(data, url, Sentence("kind.epub"))
    package_name = _package_name(archive)
    package = archive.xml(package_name)
    chapters = _spine(package, posixpath.dirname(package_name))
    if _ENCRYPTION in archive and not _encrypted(archive).isdisjoint(chapters):
        raise FetchError("copy_protected", url=url)
    texts = [read_fragment(decode(archive.read(name))) for name in chapters if name in archive]
    titles = package.xpath("//*[local-name()='metadata']/*[local-name()='title']/text()")
    return str(titles[0]).strip() if titles else "", "\n\n".join(text for text in texts if text)


def _package_name(archive: Archive) -> str:
    named = archive.xml(_CONTAINER).xpath("//*[local-name()='rootfile']/@full-path")
    if not named:
        raise archive.damaged("it names no contents")
    return str(named[0])


def _spine(package: Any, folder: str) -> list[str]:
    """The names of the chapters' files, in reading order."""
    items = {item.get("id"): item.get("href") for item in package.xpath("//*[local-name()='item']")}
    order = [item.get("idref") for item in package.xpath("//*[local-name()='spine']/*[local-name()='itemref']")]
    hrefs = [items[name] for name in order if items.get(name)]
    return [posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0]))) for href in hrefs]


def _encrypted(archive: Archive) -> set[str]:
    named = archive.xml(_ENCRYPTION).xpath("//*[local-name()='CipherReference']/@URI")
    return {unquote(str(name)) for name in named}
