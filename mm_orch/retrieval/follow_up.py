"""Questions that lean on what was said before, and what they mean on their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mm_orch.language.content_words import content_words
from mm_orch.language.detection import detect
from mm_orch.language.folding import fold
from mm_orch.language.stemming import stem

_OPENING = re.compile(
    r"(?:and|but|or|so|then|also|plus|what about|how about|what if)\b"
    r"|那(?=第|[它他她这么个]|如果|为什么|怎|什么|如何|[，,\s\d])|然后|还有|再说|另外"
)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|one|ones|same|former|latter"
    r"|others?)\b"
    r"|[它他她]们?|这个|那个|这些|那些|这里|那里|这样|前者|后者|上面|刚才|第[一二三四五六七八九十\d]个|[这该此]"
)
_ENDING = re.compile(r"呢[？?]?$")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
_FEW = 4  # content words: a longer question says itself what its pronouns stand for
_BARE = 1
_LONGEST = 300  # characters


def is_follow_up(question: str) -> bool:
    """Whether ``question`` makes sense only after another: it opens with "and", points back, or is all but bare."""
    text = fold(question)
    own = content_words(question)
    if _ENDING.search(text) or _OPENING.match(text):
        return len(own) <= _FEW * 2
    return len(own) <= _BARE or (len(own) <= _FEW and _POINTING.search(text) is not None)


def joined(question: str, earlier: Sequence[str]) -> str:
    """A follow-up together with the question it leans on: the last of ``earlier`` that stands alone.

    A year in the follow-up takes the place of that question's year.
    """
    base = next((each for each in reversed(earlier) if not is_follow_up(each)), earlier[0] if earlier else "")
    years = _YEAR.findall(question)
    if len(years) == 1 and len(_YEAR.findall(base)) == 1 and not set(content_words(question)) - {*years, "年"}:
        return _YEAR.sub(years[0], base)
    return f"{base.strip()} {question.strip()}".strip()


def stands_alone(rewritten: str, question: str, earlier: Sequence[str]) -> bool:
    """Whether a model's rewriting can be trusted: it keeps the question's words, adds only said ones."""
    text = rewritten.strip()
    if not text or "\n" in text or "://" in text or len(text) > _LONGEST or detect(text) != detect(question):
        return False
    said = _stems(" ".join(earlier))
    own, kept = _stems(question), _stems(text)
    return own <= kept and kept <= own | said and bool(kept - own)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}
