"""XML of strangers: no entities of its own, no other file, no network."""

from __future__ import annotations

import re
from typing import Any

from mm_orch.errors import FetchError

_DECLARES = re.compile(rb"<!DOCTYPE[^>]{0,2000}\[|<!ENTITY", re.IGNORECASE)


def parse_xml(data: bytes, url: str, what: str) -> Any:
    """The root element of ``data``. Raises ``FetchError`` for XML that is broken or declares entities."""
    from lxml import etree

    if _DECLARES.search(data[:100_000]):
        message = f"{url!r} is a {what} that declares XML entities"
        raise FetchError(message, hint="Documents do not need them and attacks do; leave it out")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        hint = "Open it in the program that made it and save it again"
        raise FetchError(f"{url!r} is a damaged {what}: {error}", hint=hint) from error
