"""Records what today's program prints, so that moving its code can be seen to change nothing.

``python -m tests.golden.record`` writes the recording again; ``test_golden`` compares with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mm_orch.exports.saving import EXPORTERS
from tests.cli.program import muai
from tests.exports.results import EVIL, HOSTILE, TEA
from tests.golden.commands import LINES, write_files

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMMANDS, ROUTES, EXPORTS = HERE / "commands.json", HERE / "routes.jsonl", HERE / "exports"
QUERIES = HERE.parent / "routing" / "queries.yaml"
_CHANGING = (
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"), "TIME"),
    (re.compile(r"\b\d+\.\d+(e-\d+)?(?=,?$)", re.MULTILINE), "FIGURE"),
    (re.compile(r"\b\d+(\.\d+)? ?(s|ms|min|秒|GB|MB|GiB|MiB|KiB|kB|tok/s)(?![a-zA-Z])"), "FIGURE"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "RUN"),
    (re.compile(r"\b[0-9a-f]{8}\b"), "SESSION"),
    (re.compile(r" +(?=\n|$)"), ""),
)


def constant(text: str, folder: Path) -> str:
    """``text`` without what differs from run to run: identities, times, figures of this machine, its folders."""
    text = text.replace(str(folder), "FOLDER").replace(str(ROOT), "REPOSITORY")
    for pattern, word in _CHANGING:
        text = pattern.sub(word, text)
    return text


def commands(folder: Path) -> list[dict[str, Any]]:
    """What each line printed, with ``folder`` as working folder and home."""
    write_files(folder)
    found = []
    for words, stdin in LINES:
        ran = muai(*words, stdin=stdin)
        out, err = constant(ran.out, folder), constant(ran.err, folder)
        found.append({"words": list(words), "stdin": stdin, "code": ran.code, "out": out, "err": err})
    return found


def routes() -> list[str]:
    """Where each query of the router's question set goes, one JSON line each."""
    texts = queries(yaml.safe_load(QUERIES.read_text(encoding="utf-8")))
    return muai("route", stdin="\n".join(texts)).out.splitlines()


def queries(node: Any) -> Iterator[str]:
    """Every text of a question file, in order."""
    if isinstance(node, str):
        yield node
    else:
        for item in node.values() if isinstance(node, dict) else node:
            yield from queries(item)


def exports() -> dict[str, str]:
    """File name: text of the exports of two results, a plain and a hostile one."""
    return {
        "tea.html": EXPORTERS[".html"].write("What is tea?", TEA).decode(),
        "tea.md": EXPORTERS[".md"].write("What is tea?", TEA).decode(),
        "evil.html": EXPORTERS[".html"].write(HOSTILE, EVIL).decode(),
        "evil.md": EXPORTERS[".md"].write(HOSTILE, EVIL).decode(),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name)
        os.environ |= {"MUAI_HOME": str(folder / "home"), "HF_HOME": str(folder / "hub")}
        (folder / "home").mkdir()
        COMMANDS.write_text(json.dumps(commands(folder), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        ROUTES.write_text("\n".join(routes()) + "\n", encoding="utf-8")
    EXPORTS.mkdir(exist_ok=True)
    for file, text in exports().items():
        (EXPORTS / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
