from pathlib import Path

from mm_orch.workflows.flow import END, START, edges
from tests.fixtures.definitions import made, shipped
from tests.fixtures.steps import prompt

LOOP = """
steps:
  - {id: find, kind: search, reads: {query: query}, writes: hits}
  - {id: read, kind: fetch, reads: {hits: hits}, writes: pages, repeat: {back_to: find, at_most: 2, until: pages}}
  - {id: trim, kind: select, when: pages is not empty, reads: {pages: pages, question: query},
     prompt: ask, writes: parts}
output: {answer: parts}
"""


def ways(edges_: list[object]) -> list[tuple[str, str, str]]:
    return [(e.source, e.target, " and ".join(map(str, e.guards))) for e in edges_]  # type: ignore[attr-defined]


def test_search_qa_can_give_up_after_each_of_its_first_steps() -> None:
    to_alone = [way for way in ways(edges(shipped().get("search_qa"))) if way[1] == "answer_alone"]
    assert [source for source, *_ in to_alone] == ["research", "summarize"]
    assert all("passages is empty" in guards for *_, guards in to_alone)


def test_what_cannot_have_been_written_yet_draws_no_arrow(tmp_path: Path) -> None:
    definition = made(tmp_path, LOOP.replace("is not empty", "is empty"), prompt("ask", "{passages} {question}"))
    assert [way for way in ways(edges(definition)) if way[0] == "find"] == [("find", "read", "")]


def test_a_repeat_leads_back_while_its_key_is_empty(tmp_path: Path) -> None:
    definition = made(tmp_path, LOOP, prompt("ask", "{passages} {question}"))
    assert ways(edges(definition)) == [
        (START, "find", ""),
        ("find", "read", ""),
        ("read", "find", "pages is empty"),
        ("read", "trim", "pages is not empty"),
        ("read", END, "pages is empty"),
        ("trim", END, ""),
    ]
    assert [edge.repeats for edge in edges(definition)] == [0, 0, 2, 0, 0, 0]


def test_every_step_can_be_reached_and_left() -> None:
    for definition in shipped().definitions.values():
        steps = {step.id for step in definition.steps}
        assert {edge.target for edge in edges(definition)} == steps | {END}
        assert {edge.source for edge in edges(definition)} == steps | {START}
