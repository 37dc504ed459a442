from pathlib import Path

import pytest

from tests.cli.program import muai


def test_sessions_are_listed_shown_and_deleted() -> None:
    muai("--session", "holiday", "--workflow", "chat_generate", "where to?")
    assert "holiday" in muai("sessions", "list").out
    shown = muai("sessions", "show", "holiday").out
    assert "user (" in shown
    assert "where to?" in shown
    assert [row["id"] for row in muai("sessions", "list", "--json").document["sessions"]] == ["holiday"]
    assert len(muai("sessions", "show", "holiday", "--json").document["messages"]) == 2
    assert muai("sessions", "delete", "holiday").code == 0
    assert muai("sessions", "list").out == ""


@pytest.mark.parametrize("command", ["show", "delete"])
def test_an_unknown_session_is_wrong_use(command: str) -> None:
    ran = muai("sessions", command, "nope")
    assert ran.code == 2
    assert ran.err.startswith("error: unknown session 'nope'")


def test_looking_at_sessions_makes_no_database(own_home: Path) -> None:
    assert "no session is stored yet" in muai("sessions", "list").err
    assert "no run is stored yet" in muai("runs", "list").err
    assert list(own_home.iterdir()) == []
