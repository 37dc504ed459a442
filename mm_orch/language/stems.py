"""Words that carry meaning, in the form in which they are compared: English without endings, Chinese as pairs."""

from __future__ import annotations

import re
from functools import lru_cache

from mm_orch.language.script import HAN, KANA

_STOP_WORDS = (
    "a an the this that these those it its they their them he him his she her we us our you your i my me "
    "who whom whose which what when where why how is are was were be been being am do does did done "
    "doing have has had having will would shall should can could may might must of to in on at by for "
    "with from into onto over under about as than then and or but nor so if because while there here "
    "also too very such some any each both either neither other another own same just through during "
    "between among per via according up down out off again not no never without s t re ve ll d m one "
    "ones called known named use used using within upon whether although however therefore thus hence "
    "etc more most less least"
)
_STOP = frozenset(_STOP_WORDS.split())
_ZH_STOP = (
    "不没无未非的了是在和与及或也都而且并等着过被把将就这那其之以于为对从到由向中上下里们个吗呢吧啊哦呀得地很更最又还则即若如所"
    "何什么谁哪怎"
)
_IRREGULAR = {
    form: root
    for root, forms in {
        "begin": "began begun beginning start started starts starting", "build": "built building",
        "write": "wrote written writing", "make": "made making", "find": "found", "know": "knew", "hold": "held",
        "grow": "grew grown growth", "take": "took taken taking", "lead": "led", "win": "won", "give": "gave given",
        "run": "ran running", "rise": "rose risen rising", "fall": "fell fallen", "sell": "sold", "buy": "bought",
        "become": "became", "speak": "spoke spoken", "long": "length lengths", "high": "height heights",
        "wide": "width", "deep": "depth", "large": "big largest larger bigger biggest", "send": "sent",
        "mean": "meant meaning", "keep": "kept", "leave": "left leaves", "die": "dies died death dying",
        "bear": "born birth", "city": "cities", "man": "men", "woman": "women", "child": "children",
        "person": "people persons", "kilometre": "km kilometers kilometer kilometres",
        "metre": "meter meters metres",
        "percent": "percentage", "colour": "color colors colours", "fibre": "fiber", "centre": "center centers",
        "analyse": "analyze", "organise": "organize organized organised", "two": "second twice both",
    }.items()
    for form in forms.split()
}  # fmt: skip
_TOKEN = re.compile(
    rf"(?P<han>[{HAN}{KANA}]+)|(?P<latin>[^\W\d_{HAN}{KANA}][^\W_{HAN}{KANA}]*(?:['-][^\W_{HAN}{KANA}]+)*)"
)
_ZH_PIECE = re.compile(rf"[^{_ZH_STOP}]+")
_ENDINGS = (
    *(("ational", "ate"), ("ization", "ize"), ("isation", "ise"), ("fulness", "ful"), ("ations", "ate")),
    *(
        ("ation", "ate"),
        ("ators", "ate"),
        ("ator", "ate"),
        ("ments", ""),
        ("ment", ""),
        ("ingly", ""),
        ("edly", ""),
    ),
    *(
        ("edly", ""),
        ("ness", ""),
        ("ies", "y"),
        ("ied", "y"),
        ("ing", ""),
        ("ers", ""),
        ("est", ""),
        ("ely", ""),
        ("ed", ""),
    ),
    *(("es", ""), ("er", ""), ("ly", ""), ("s", ""), ("e", "")),
)
_SHORTEST = 3


def units(folded: str) -> list[tuple[str, int]]:
    """What carries meaning in a folded text, in order, each with the place where it begins.

    Spaced words come as stems without those that every sentence has; runs of Chinese or Japanese characters as
    overlapping pairs between such characters, a single one as itself. Digits are left out.
    """
    found: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(folded):
        if token.lastgroup == "han":
            for piece in _ZH_PIECE.finditer(token.group()):
                found += _pairs(piece.group(), token.start() + piece.start())
            continue
        at = token.start()
        for word in token.group().split("-"):
            bare = word.removesuffix("'s")
            if bare not in _STOP and not bare.endswith("n't"):
                found.append((stem(bare), at))
            at += len(word) + 1
    return found


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word in lower case without its ending: ``builds``, ``building`` and ``built`` are one."""
    if word in _IRREGULAR:
        return _regular(_IRREGULAR[word])
    short = _regular(word)
    return _regular(_IRREGULAR[short]) if short in _IRREGULAR else short


def _regular(word: str) -> str:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _SHORTEST else word


def characters(folded: str) -> set[str]:
    """The Chinese characters of a text that carry meaning."""
    return set(re.findall(f"[{HAN}]", folded)) - set(_ZH_STOP)


def _pairs(piece: str, at: int) -> list[tuple[str, int]]:
    if len(piece) == 1:
        return [(piece, at)]
    return [(piece[i : i + 2], at + i) for i in range(len(piece) - 1)]
