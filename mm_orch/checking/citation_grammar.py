"""The grammar of an answer whose sentences each end with the numbers of existing passages."""

from __future__ import annotations

from collections.abc import Sequence

# A colon is followed by no slash, so no address can be written; brackets are kept for numbers, and a sentence ends
# only with its numbers: a full stop inside is part of a word or of a known abbreviation. At most 60 words.
_SENTENCE = r"""
words ::= word (" " word){0,59}
word ::= short | piece+ ":"?
short ::= ("Dr" | "Mr" | "Mrs" | "Ms" | "St" | "No" | "vs" | "etc" | "approx" | "e.g" | "i.e" | "U.S" | [A-Z]) "."
piece ::= char | "." [a-z0-9] | ":" after
char ::= [^\x00-\x20.!?。！？:[\]<>|]
after ::= [^\x00-\x20.!?。！？:[\]<>|/]
end ::= [.!?。！？]
"""


def grammar(ids: Sequence[int], most: int, refusal: str = "") -> str:
    """GBNF of one to ``most`` sentences, each with one or two of ``ids`` behind it; or of ``refusal`` alone."""
    numbers = " | ".join(f'"{number}"' for number in ids)
    more = f' (" "? sentence){{0,{most - 1}}}' if most > 1 else ""
    instead = f" | {_literal(refusal)}" if refusal else ""
    return (
        f"root ::= sentence{more}{instead}\n"
        'sentence ::= words end " "? cited cited?\n'
        f'cited ::= "[" ({numbers}) "]"{_SENTENCE}'
    )


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
