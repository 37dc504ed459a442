"""An HTML tree in the order in which it is read, without what is no text of the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

Event = Literal["start", "end", "text", "whole"]

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
_UNREAD_TAGS = (
    "applet audio button canvas datalist embed iframe input math meta noembed noframes noscript object option "
    "rp rt script select style svg template textarea title video"
)
BLOCKS = frozenset(_BLOCK_TAGS.split())
_UNREAD = frozenset(_UNREAD_TAGS.split())
_ANCHOR_MARKS = frozenset(("", "¶", "#", "§", "🔗", "\uf0c1", "link", "edit", "编辑", "編輯"))
_NOTE_MARK = re.compile(r"\[[^\]]{1,12}\]")
_EXPONENT = re.compile(r"[-+−]?\d{1,3}")
_FEW = 4  # elements inside a mark


def walk(tree: Any, whole: Callable[[Any], bool] = lambda element: False) -> Iterator[tuple[Event, Any, str]]:
    """``(event, element, text)``; an element for which ``whole`` is true comes alone, without what it holds.

    Iterative, because pages nest deeper than Python's stack. Hidden text must be gone already (``hidden_text``).
    """
    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:
        element, ended = stack.pop()
        if ended:
            yield "end", element, ""
        elif _is_read(element):
            if whole(element):
                yield "whole", element, ""
            else:
                yield "start", element, ""
                yield "text", element, _raised(element) + (element.text or "")
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
                continue
        if element is not tree:
            yield "text", element, element.tail or ""


def number(text: str | None, otherwise: int) -> int:
    """The number that an attribute holds; ``otherwise`` where it holds none, or one beyond a million."""
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else otherwise


def _is_read(element: Any) -> bool:
    """Whether its text is the document's own, and not a script's, a form's or a mark to click on."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _UNREAD:
        return False
    if tag == "a":
        return len(element) > 0 or (element.text or "").strip().lower().strip("[]") not in _ANCHOR_MARKS
    if tag == "sup" and len(element) < _FEW:
        return _NOTE_MARK.fullmatch("".join(element.itertext()).strip()) is None
    return "mw-editsection" not in (element.get("class") or "")


def _raised(element: Any) -> str:
    """A mark for what is raised to a power: ``10<sup>6</sup>`` must not become 106."""
    if element.tag != "sup" or len(element) >= _FEW or not _EXPONENT.fullmatch("".join(element.itertext()).strip()):
        return ""
    previous, parent = element.getprevious(), element.getparent()
    before = previous.tail if previous is not None else parent.text if parent is not None else ""
    last = (before or "")[-1:]
    return "^" if (last.isascii() and last.isalnum()) or last == ")" else ""
