"""The style rules that a page itself carries, as far as they can hide text.

Tags, classes, ids and ancestors are understood, and rules for screens of any size. A selector that asks for more
(states, attributes, siblings) is passed over: what it hides, a click may show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_MOST_OPEN = 4  # braces that the end of the text closes
_MOST_TEXT = 300_000  # characters of rules that are read
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_PIECE = re.compile(r"([^{};]*)([{};])")
_ENTERED = re.compile(r"@(?:media\s+(?:only\s+)?(?:screen|all)|media|supports|layer|container)[^{]*", re.IGNORECASE)
_CONDITION = re.compile(r"print|speech|width|height|prefers|orientation|hover", re.IGNORECASE)
_SPACE_BEFORE_MARK = re.compile(r"\s*!\s*important$")
_COMPOUND = re.compile(r"(\*|[\w-]+)?((?:[.#][\w-]+)*)")
_MARK = re.compile(r"([.#])([\w-]+)")
_PROPERTIES = (
    "display visibility opacity font-size font color background background-color background-image position left "
    "top right bottom text-indent margin-left margin-top clip clip-path transform filter width height overflow "
    "max-height max-width content-visibility"
)
_CAN_HIDE = frozenset(_PROPERTIES.split())
_IMPORTANT = "!important"

Style = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Compound:
    """``p.note#first``: what one element must be."""

    tag: str
    classes: frozenset[str]
    id: str

    def fits(self, element: Any) -> bool:
        if self.tag not in ("", "*", element.tag) or (self.id and element.get("id") != self.id):
            return False
        return not self.classes or self.classes <= frozenset((element.get("class") or "").split())

    @property
    def key(self) -> str:
        if self.id:
            return f"#{self.id}"
        return f".{min(self.classes)}" if self.classes else self.tag or "*"


@dataclass(frozen=True, slots=True)
class _Rule:
    """``path`` leads from the element outwards: (compound, whether it is the parent of the one before)."""

    path: tuple[tuple[_Compound, bool], ...]
    weight: tuple[int, int, int]
    style: Style

    def fits(self, element: Any) -> bool:
        if not self.path[0][0].fits(element):
            return False
        outer = element
        for compound, is_parent in self.path[1:]:
            outer = outer.getparent()
            while outer is not None and not compound.fits(outer) and not is_parent:
                outer = outer.getparent()
            if outer is None or not compound.fits(outer):
                return False
        return True


class Stylesheet:
    """The rules of all ``style`` elements of a tree."""

    def __init__(self, tree: Any) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        text = "\n".join(element.text or "" for element in tree.iter("style") if _for_screens(element.get("media")))
        for selectors, style in _rules(_COMMENT.sub(" ", text[:_MOST_TEXT])):
            for selector in selectors.split(","):
                rule = _rule(selector.strip(), style)
                if rule is not None:
                    self._rules.setdefault(rule.path[0][0].key, []).append(rule)

    def style(self, element: Any) -> Style:
        """The properties of an element that can hide it, by its rules and its own ``style``."""
        found: Style = {}
        own = element.get("style")
        for style in (*(rule.style for rule in self._of(element)), declarations(own) if own else {}):
            for name, value in style.items():
                if value.endswith(_IMPORTANT) or not found.get(name, "").endswith(_IMPORTANT):
                    found[name] = value
        return {name: value.removesuffix(_IMPORTANT).rstrip() for name, value in found.items()}

    def _of(self, element: Any) -> list[_Rule]:
        if not self._rules:
            return []
        keys = ["*", element.tag, f"#{element.get('id')}"]
        keys += [f".{name}" for name in (element.get("class") or "").split()]
        near = [rule for key in keys for rule in self._rules.get(key, ()) if rule.fits(element)]
        return sorted(near, key=lambda rule: rule.weight)


def declarations(text: str) -> Style:
    """``display:none; color:red`` as properties that can hide, in lower case."""
    found: Style = {}
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        if name in _CAN_HIDE:
            found[name] = _SPACE_BEFORE_MARK.sub(_IMPORTANT, value.strip().lower())
    return found


def _rules(text: str) -> list[tuple[str, Style]]:
    """``(selectors, properties)`` in order; blocks for print and for special screens are left out."""
    found: list[tuple[str, Style]] = []
    opened: list[tuple[str, list[str]]] = []  # what stands before each open brace, and the words inside
    for piece in _PIECE.finditer(text + "}" * _MOST_OPEN):
        words, end = piece[1].strip(), piece[2]
        if end == "{":
            opened.append((words, []))
        elif opened:
            opened[-1][1].append(words)
        if end == "}" and opened:
            selectors, inside = opened.pop()
            if not selectors.startswith("@") and all(_is_entered(outer) for outer, _ in opened):
                found.append((selectors, declarations(";".join(inside))))
    return [(selectors, style) for selectors, style in found if style]


def _is_entered(words: str) -> bool:
    return bool(_ENTERED.fullmatch(words)) and not _CONDITION.search(words)


def _for_screens(media: str | None) -> bool:
    return not media or (("screen" in media or "all" in media) and not _CONDITION.search(media))


def _rule(selector: str, style: Style) -> _Rule | None:
    """None for a selector that is not understood."""
    path: list[tuple[_Compound, bool]] = []
    is_parent = False
    for word in reversed(selector.replace(">", " > ").split()):
        if word == ">":
            is_parent = True
            continue
        compound = _COMPOUND.fullmatch(word)
        if compound is None:
            return None
        marks = _MARK.findall(compound[2])
        ids = [name for kind, name in marks if kind == "#"]
        classes = frozenset(name for kind, name in marks if kind == ".")
        path.append((_Compound((compound[1] or "").lower(), classes, ids[0] if ids else ""), is_parent))
        is_parent = False
    if not path:
        return None
    parts = [compound for compound, _ in path]
    weight = (
        sum(bool(p.id) for p in parts),
        sum(len(p.classes) for p in parts),
        sum(p.tag not in ("", "*") for p in parts),
    )
    return _Rule(tuple(path), weight, style)
