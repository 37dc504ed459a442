"""The commands that look after what is there: runs, models, the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import muai


def test_runs_are_listed_and_shown() -> None:
    identity = muai("--json", "--workflow", "chat_generate", "hello").document["run_id"]
    muai("--workflow", "chat_generate", "--param", "x=1", "again")
    listed = muai("runs", "list").out.splitlines()
    assert "failed" in listed[0]
    assert "ok" in listed[1]
    shown = muai("runs", "show", identity, "--json").document
    assert shown["document"]["run_id"] == identity
    assert "generate" in [call["seam"] for call in shown["calls"]]
    assert len(muai("runs", "list", "--limit", "1", "--json").document["runs"]) == 1
    assert muai("runs", "show", "nope").code == 2


def test_a_group_without_a_word_shows_its_help_and_a_wrong_word_the_right_ones() -> None:
    assert "check" in muai("models").out
    ran = muai("models", "lst")
    assert (ran.code, "Did you mean 'list'" in ran.err) == (2, True)


def test_models_are_listed_as_text_and_json() -> None:
    rows = muai("models", "list", "--json").document["models"]
    assert [row["name"] for row in rows if row["default"]] == ["smollm2-135m"]
    assert {row["state"] for row in rows if row["name"].startswith("qwen-7b")} == {"unavailable"}
    assert muai("models", "show", "gpt2", "--json").document["state"] == "not here"


def test_a_sound_model_file_passes_the_check(tiny_gguf: Path) -> None:
    ran = muai("models", "check", str(tiny_gguf))
    assert (ran.code, f"{tiny_gguf}: sound (llama" in ran.out) == (0, True)


def test_a_truncated_model_file_fails_the_check(tiny_gguf: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny_gguf.read_bytes()[:-100])
    ran = muai("models", "check", str(cut))
    assert (ran.code, ran.out) == (1, "")
    assert "truncated" in ran.err


def test_a_model_that_was_not_fetched_cannot_be_removed() -> None:
    ran = muai("models", "remove", "gpt2", "--yes")
    assert (ran.code, "not on this machine" in ran.err) == (1, True)


def test_doctor_answers_with_a_small_model(tiny_gguf: Path) -> None:
    ran = muai("doctor", "-m", str(tiny_gguf))
    assert "llama-cpp-python" in ran.out
    assert "cores" in ran.out
    assert "loaded in" in ran.out
    assert "unexpected" not in ran.out


def test_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    missing = tmp_path / "no.gguf"
    ran = muai("doctor", "-m", str(missing))
    assert ran.code == 1
    assert f"error: there is no file '{missing}'" in ran.out
    assert "Not working: model" in ran.out


@pytest.mark.model
def test_doctor_finds_everything_working() -> None:
    ran = muai("doctor")
    assert ran.code == 0
    assert "Everything works" in ran.out
