"""Takes out of an HTML tree what a browser would not show: hidden text is how a page speaks to a model alone."""

from __future__ import annotations

from typing import Any

_ROOTS = frozenset(("html", "body"))


def remove_hidden(tree: Any) -> None:
    """Take out of ``tree`` what a browser would not show by the document's own marks, in place."""
    for element in [found for found in tree.iter() if isinstance(found.tag, str) and _is_hidden(found)]:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: Any) -> bool:
    if element.tag in _ROOTS:
        return False  # pages that hide themselves until their scripts have run
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style
