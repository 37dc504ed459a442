from mm_orch.records.note import Note
from mm_orch.records.source import Source
from tests.fixtures.steps import node, ran

STEP = node("verify", reads={"text": "draft", "notes": "notes"}, writes={"text": "answer", "sources": "sources"})
NOTES = [Note(1, "One", "http://site/1", "A."), Note(2, "Two", "http://site/2", "B.")]


async def test_citations_of_no_source_are_removed_and_told_once_each() -> None:
    done = await ran(STEP, {"draft": "A [1]. B [7]. C [7][9].", "notes": NOTES})
    assert done.outputs["text"] == "A [1]. B. C."
    assert done.run.warnings == ["citations that name no source were removed: [7], [9]"]


async def test_the_notes_are_the_sources() -> None:
    done = await ran(STEP, {"draft": "A [1].", "notes": NOTES})
    assert done.outputs["sources"] == [Source(1, "One", "http://site/1"), Source(2, "Two", "http://site/2")]
    assert not done.run.warnings
