"""How often the checks contradict a claim that people found supported, and find a number that was changed.

``python -m benchmarks.checks dev.jsonl`` reads WiCE (Kamoi et al. 2023, https://github.com/ryokamoi/wice): one JSON
object a line with ``claim``, ``evidence`` (sentences of the cited page) and ``label``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mm_orch.checking.verdicts import Evidence, judge
from mm_orch.records.passage import Passage

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")


def changed(claim: str) -> Iterator[str]:
    """``claim`` with one of its numbers changed in one digit, each number in turn: years stay in their decade."""
    for match in _NUMBER.finditer(claim):
        number = match[0].rstrip(",")
        digits = [place for place, one in enumerate(number) if one.isdigit()]
        place = digits[0] if len(digits) < 3 else digits[-1]
        other = str((int(number[place]) + 3) % 10 or 7)
        start = match.start() + place
        if other != number[place]:
            yield f"{claim[:start]}{other}{claim[start + 1 :]}"


def is_contradicted(claim: str, page: Iterable[str]) -> bool:
    """Whether the checks leave ``claim`` out, cited to a page of these sentences."""
    passage = Passage(1, "https://wice.test/", "", "", "\n".join(page))
    return judge(claim, [Evidence.of(passage)]).verdict == "contradicted"


def report(rows: Iterable[Mapping[str, Any]]) -> str:
    """The two shares as a table, over the rows labelled ``supported``."""
    supported = [row for row in rows if row["label"] == "supported"]
    alarms = sum(is_contradicted(row["claim"], row["evidence"]) for row in supported)
    found = [is_contradicted(text, row["evidence"]) for row in supported for text in changed(row["claim"])]
    return "\n".join(
        [
            "| | | |",
            "| --- | ---: | ---: |",
            _line("claims that people found supported and the checks contradict", alarms, len(supported)),
            _line("changed numbers, one in each such claim, that the checks contradict", sum(found), len(found)),
        ]
    )


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count}/{of} | {count / of:.0%} |" if of else f"| {what} | – | |"


def main() -> None:
    """Print the table for one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="dev.jsonl or test.jsonl of WiCE, by claim")
    lines = parser.parse_args().file.read_text(encoding="utf-8").splitlines()
    print(report(json.loads(line) for line in lines if line.strip()))


if __name__ == "__main__":
    main()
