"""Colours of style rules."""

from __future__ import annotations

import pytest

from mm_orch.documents.colour import is_background, rgba, same


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#FFF", (255, 255, 255, 1.0)),
        ("white", (255, 255, 255, 1.0)),
        ("#10203080", (16, 32, 48, 128 / 255)),
        ("#0000", (0, 0, 0, 0.0)),
        ("transparent", (0, 0, 0, 0.0)),
        ("rgb(1, 2, 3)", (1, 2, 3, 1.0)),
        ("rgba(1,2,3,.5)", (1, 2, 3, 0.5)),
        ("rgb(1 2 3 / 50%)", (1, 2, 3, 0.5)),
        ("red no-repeat", (255, 0, 0, 1.0)),
        ("ghostwhite", (248, 248, 255, 1.0)),
        ("hsl(0, 0%, 0%)", None),
        ("url(a.png) red", None),
        ("red url(a.png)", None),
        ("", None),
    ],
)
def test_a_colour_is_read_or_not_understood(text: str, colour: tuple[int, int, int, float] | None) -> None:
    assert rgba(text) == colour


@pytest.mark.parametrize(
    ("text", "background", "is_same"),
    [
        ("#fff", "white", True),
        ("#fefefe", "#fff", True),
        ("#eee", "#fff", False),
        ("transparent", "url(a.png)", True),
        ("#fff", "url(a.png)", False),
        ("", "#fff", False),
        ("no-colour", "#fff", False),
    ],
)
def test_text_of_the_colour_behind_it_is_not_seen(text: str, background: str, is_same: bool) -> None:
    assert same(text, background) is is_same


@pytest.mark.parametrize(
    ("value", "paints"), [("none", False), ("#0001", True), ("#0000", False), ("url(a.png)", True), ("#000", True)]
)
def test_what_paints_over_is_a_background(value: str, paints: bool) -> None:
    assert is_background(value) is paints
