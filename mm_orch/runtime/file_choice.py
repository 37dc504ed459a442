"""Which file of a repository is meant: by name, by wildcard, by quantization, with all parts of a split one.

``huggingface_hub`` knows names and wildcards of files, and nothing of quantizations and parts.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from mm_orch.errors import ModelNotFound

FOUR_BIT = ("q4_k_m", "q4_k_s", "q4_0", "q4")
EIGHT_BIT = ("q8_0", "q8")
_NAMED = {"4bit": FOUR_BIT, "8bit": EIGHT_BIT}
_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<total>\d{5})\.gguf", re.IGNORECASE)
_ASIDE = re.compile(r"(^|[-._/])(mmproj|imatrix)", re.IGNORECASE)
_LISTED = 12


def choose(
    names: Iterable[str], *, repo: str, quantization: str | None = None, filename: str | None = None
) -> tuple[str, ...]:
    """The file to load from ``names`` (a repository's files, ``/`` between folders), all its parts in order.

    ``filename`` (wildcards allowed, case aside) wins over ``quantization``, which is ``"4bit"``, ``"8bit"`` or a
    name such as ``"Q5_K_M"``; neither means as 4bit, else the only file. Raises ``ModelNotFound`` with the files
    that there are.
    """
    models = _models(names)
    if not models:
        raise ModelNotFound(f"{repo!r} has no GGUF file", hint="Choose a repository of GGUF files")
    if filename is not None:
        found = [parts for parts in models if _matches(parts[0], filename)]
        return _whole(_one(found, models, f"file {filename!r}", repo), repo)
    wanted = _NAMED.get(quantization.lower(), (quantization.lower(),)) if quantization else FOUR_BIT
    for one in wanted:
        found = [parts for parts in models if _has(parts[0], one)]
        if found:
            return _whole(_one(found, models, f"one file of {one!r}", repo), repo)
    if quantization is None and len(models) == 1:
        return _whole(models[0], repo)
    raise ModelNotFound(f"{repo!r} has no file of quantization {quantization or '4bit'!r}", hint=_listing(models))


def parts(first: Path) -> list[Path]:
    """All files of a split model, of which ``first`` is the first part; of one that is not split, itself."""
    match = _PART.fullmatch(first.name)
    if match is None:
        return [first]
    total = match["total"]
    numbers = range(1, int(total) + 1)
    return [first.with_name(f"{match['stem']}-{number:05d}-of-{total}.gguf") for number in numbers]


def whole_name(part: str) -> str:
    """The name of a split model's file if it were one: without the part's number."""
    match = _PART.fullmatch(part)
    return f"{match['stem']}.gguf" if match else part


def _models(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The GGUF files, parts of one split file together."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        if name.lower().endswith(".gguf") and not _ASIDE.search(name):
            part = _PART.fullmatch(name)
            groups.setdefault(f"{part['stem']}-of-{part['total']}" if part else name, []).append(name)
    return [tuple(parts) for parts in groups.values()]


def _matches(name: str, pattern: str) -> bool:
    name, pattern = name.lower(), pattern.lower()
    base = name.rsplit("/", 1)[-1]
    part = _PART.fullmatch(base)
    whole = f"{part['stem']}.gguf" if part else base
    return any(fnmatch.fnmatchcase(candidate, pattern) for candidate in (name, base, whole))


def _has(name: str, quantization: str) -> bool:
    stem = re.sub(r"(-\d{5}-of-\d{5})?\.gguf$", "", name.lower())
    return re.search(rf"(?:^|[-._/]){re.escape(quantization)}(?:$|[-./])", stem) is not None


def _one(
    found: Sequence[tuple[str, ...]], models: Sequence[tuple[str, ...]], what: str, repo: str
) -> tuple[str, ...]:
    if not found:
        raise ModelNotFound(f"{repo!r} has no {what}", hint=_listing(models))
    if len(found) > 1:
        raise ModelNotFound(f"{repo!r} has more than {what}", hint=_listing(found))
    return found[0]


def _whole(parts: tuple[str, ...], repo: str) -> tuple[str, ...]:
    first = _PART.fullmatch(parts[0])
    if first and len(parts) != int(first["total"]):
        message = f"{repo!r} has {len(parts)} of {int(first['total'])} parts of {first['stem']!r}"
        raise ModelNotFound(message, hint=f"Fetch all parts: muai pull {repo}")
    return parts


def _listing(models: Sequence[tuple[str, ...]]) -> str:
    shown = ", ".join(parts[0] for parts in models[:_LISTED])
    more = f" and {len(models) - _LISTED} more" if len(models) > _LISTED else ""
    return f"Name one with filename or user/repo:QUANT; there are: {shown}{more}"
