from pathlib import Path

import pytest

from mm_orch.errors import DefinitionError, UnknownName
from mm_orch.prompts import PromptLibrary
from mm_orch.workflows.catalogue import load_all
from tests.fixtures.definitions import shipped, shipped_prompts, write
from tests.fixtures.steps import prompt

ASK = prompt("ask", "{question}")
GOOD = """
steps:
  - {id: say, kind: generate, reads: {question: query}, prompt: ask, writes: text}
output: {answer: text}
"""


def test_the_shipped_workflows_are_the_three_and_fit_their_prompts() -> None:
    assert set(shipped().definitions) == {"search_qa", "lesson_pack", "chat_generate"}
    assert not shipped().broken


def test_a_users_broken_file_is_left_out_and_told(tmp_path: Path) -> None:
    mine = tmp_path / "workflows"
    mine.mkdir()
    write(mine, "steps: 5", "broken.yaml")
    catalogue = load_all([shipped().get("search_qa").path.parent, mine], shipped_prompts())
    assert "search_qa" in catalogue.definitions
    assert "broken.yaml" in str(catalogue.broken["broken"])
    with pytest.raises(DefinitionError, match=r"broken\.yaml"):
        catalogue.get("broken")


def test_a_broken_shipped_file_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "steps: 5")
    with pytest.raises(DefinitionError):
        load_all([tmp_path], shipped_prompts())


def test_a_users_file_replaces_a_shipped_one_by_name(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        write(folder, GOOD)
    prompts = PromptLibrary([ASK])
    assert load_all([first, second], prompts).get("mine").path.parent == second


def test_two_files_of_one_folder_cannot_have_the_same_name(tmp_path: Path) -> None:
    empty, mine = tmp_path / "shipped", tmp_path / "mine"
    empty.mkdir()
    mine.mkdir()
    write(mine, GOOD, "a.yaml")
    write(mine, GOOD, "b.yaml")
    assert "is taken by" in str(load_all([empty, mine], PromptLibrary([ASK])).broken["b"])


def test_an_unknown_workflow_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'search_qa'"):
        shipped().get("serch_qa")


def test_a_routing_file_of_no_workflow_is_told(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "routing").mkdir()
    (tmp_path / "routing" / "mine.en.txt").write_text("ask me", encoding="utf-8")
    (tmp_path / "routing" / "mien.en.txt").write_text("ask me", encoding="utf-8")
    catalogue = load_all([tmp_path], PromptLibrary([ASK]))
    assert list(catalogue.broken) == ["mien.en.txt"]
    assert catalogue.get("mine").destination.examples["en"] == ("ask me",)
