"""The parts of a Word document that hold its text, copied without hidden runs, pictures and macros."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from mm_orch.documents.archive import Archive
from mm_orch.documents.safe_xml import parse_xml

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off", "none")
_MAIN = "word/document.xml"
_PROPERTIES = "docProps/core.xml"


def readable_copy(archive: Archive, url: str) -> tuple[io.BytesIO, str]:
    """``(the document, its title)``: XML parts alone, every one parsed safely and written again."""
    from lxml import etree

    copy = io.BytesIO()
    title = ""
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for name in archive.names:
            if not name.endswith((".xml", ".rels")):
                continue
            root = parse_xml(archive.read(name), url, "Word document")
            if name == _PROPERTIES:
                title = _title(root)
            _remove_hidden(root)
            written.writestr(name, etree.tostring(root))
    copy.seek(0)
    return copy, title


def _title(root: Any) -> str:
    found = root.xpath("//*[local-name()='title']/text()")
    return str(found[0]).strip() if found else ""


def _remove_hidden(root: Any) -> None:
    """Take out runs that Word does not show."""
    for run in list(root.iter(f"{_WORD}r")):
        properties = run.find(f"{_WORD}rPr")
        if properties is not None and _is_hidden(properties):
            run.getparent().remove(run)


def _is_hidden(properties: Any) -> bool:
    vanish = properties.find(f"{_WORD}vanish")
    return vanish is not None and vanish.get(f"{_WORD}val", "1") not in _OFF
