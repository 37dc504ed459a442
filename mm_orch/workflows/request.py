"""Reads a person's request: which words set inputs, and what is left as the subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from mm_orch.nodes.base import Section
from mm_orch.workflows import word_search
from mm_orch.workflows.inputs import Input
from mm_orch.workflows.word_search import Words

_TAKEN = "\x00"
_EDGE = " \t\r\n,.!?;:，。！？；：、…~～"


class RequestWords(Section):
    """Words around the subject of a request: ``before`` and ``after`` it, and those that ``introduce`` it.

    Nothing after an introducing word is taken for a request's.
    """

    before: Words = Field({})
    introduce: Words = Field({})
    after: Words = Field({})


def values_in(query: str, inputs: Mapping[str, Input]) -> tuple[dict[str, Any], str]:
    """The inputs that words of ``query`` set, and the query with those words marked as taken."""
    values: dict[str, Any] = {}
    for name, declared in inputs.items():
        found = declared.found(query)
        if found is not None:
            values[name], (start, end) = found
            query = query[:start] + _TAKEN * (end - start) + query[end:]
    return values, query


def subject(marked: str, words: RequestWords) -> str:
    """What a marked query is about: its longest part between taken words, without the request's own at its ends."""
    parts = [part.strip(_EDGE) for part in marked.split(_TAKEN)]
    return max((_from_right(_from_left(part, words), words) for part in parts), key=len)


def _from_left(text: str, words: RequestWords) -> str:
    while not (introduced := word_search.at_start(words.introduce, text)):
        taken = word_search.at_start(words.before, text)
        if not taken:
            return text
        text = text[taken:].strip(_EDGE)
    return text[introduced:].strip(_EDGE)


def _from_right(text: str, words: RequestWords) -> str:
    while taken := word_search.at_end(words.after, text):
        text = text[: len(text) - taken].strip(_EDGE)
    return text
