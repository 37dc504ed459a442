"""Text cut to a number of tokens, counted by the engine that will read it."""

from __future__ import annotations

from collections.abc import Sequence

from mm_orch.language.sentences import sentences
from mm_orch.protocols import TextEngine

_CLOSED = tuple(".!?。！？…\"'”’」』）)]】》:：;；")


async def cut(engine: TextEngine, texts: Sequence[str], most: Sequence[int]) -> list[str]:
    """The beginning of each text, in whole sentences where one fits: at most ``most`` tokens each."""
    split = [sentences(text) for text in texts]
    counts = iter(await engine.count_tokens([piece for pieces in split for piece in pieces]))
    sizes = [[next(counts) for _ in pieces] for pieces in split]
    return [_beginning(*parts).strip() for parts in zip(split, sizes, most, strict=True)]


def _beginning(pieces: list[str], counts: list[int], room: int) -> str:
    """Counts of parts add up to at least the whole's, so the result has ``room`` tokens or fewer."""
    used = 0
    for at, count in enumerate(counts):
        if used + count > room:
            # A first sentence that is too long is cut inside, at its share of characters.
            return "".join(pieces[:at]) if at else pieces[0][: len(pieces[0]) * max(room, 0) // count]
        used += count
    return "".join(pieces)


def whole_sentences(text: str) -> str:
    """``text`` without a last sentence that breaks off, unless it is the only one."""
    text = text.strip()
    pieces = sentences(text)
    if len(pieces) > 1 and not pieces[-1].rstrip().endswith(_CLOSED):
        return "".join(pieces[:-1]).strip()
    return text
