"""Where a key comes from, and that it is nowhere to be seen."""

from __future__ import annotations

from mm_orch.providers.search_key import ApiKey

_PAGE = "https://keys.example"


def test_the_first_variable_that_is_set_counts() -> None:
    key = ApiKey.read("p", ("A_KEY", "B_KEY"), _PAGE, {"A_KEY": " ", "B_KEY": " secret-1\n"})
    assert (key.value, key.variable) == ("secret-1", "A_KEY")


def test_a_key_is_not_part_of_what_is_printed() -> None:
    key = ApiKey.read("p", ("A_KEY",), _PAGE, {"A_KEY": "secret-1"})
    assert "secret-1" not in f"{key} {key!r}"
    assert key.hidden_in("no secret-1 here") == "no … here"


def test_a_missing_key_hides_nothing() -> None:
    assert ApiKey.read("p", ("A_KEY",), _PAGE, {}).hidden_in("text") == "text"
