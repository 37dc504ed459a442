"""CONTRIBUTING.md names files that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NAMED = re.compile(r"`((?:mm_orch/|tests/)?[a-z_]+(?:/[a-z_]+)*(?:\.py|/))`")


def test_every_file_and_folder_that_the_page_names_is_there() -> None:
    named = _NAMED.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(named) > 30
    missing = [name for name in named if not (ROOT / name).exists() and not (ROOT / "mm_orch" / name).exists()]
    assert not missing
