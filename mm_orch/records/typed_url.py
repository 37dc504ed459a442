"""An address that a person wrote, as against one that a program found."""

from __future__ import annotations


class TypedUrl(str):
    """The address as plain text, marked: what a person asked for by name, robots.txt does not bind."""

    __slots__ = ()
