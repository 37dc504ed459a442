"""Names of sessions can be typed again, titles are one short line."""

from __future__ import annotations

from mm_orch.storage.rules import session_name, title


def test_a_session_without_a_name_gets_a_new_one() -> None:
    assert session_name(None) != session_name(None)
    assert session_name("work") == "work"


def test_a_title_is_one_short_line() -> None:
    found = title("深度学习\n" * 100)
    assert len(found) == 60
    assert found.endswith("…")
    assert "\n" not in found
