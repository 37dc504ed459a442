from __future__ import annotations

from mm_orch.corpus.batch import Batch, Outcome
from mm_orch.corpus.document import Stamp
from tests.corpus.library import addresses, document, index


def test_a_document_is_told_of_once_it_is_stored() -> None:
    made, told = index(), list[Outcome]()
    batch = Batch(made, told.append)
    batch.put(document("/a", "words"))
    assert (addresses(made), told) == ([], [])
    batch.store()
    assert (addresses(made), told) == (["/a"], [Outcome("added", "/a")])
    batch.put(document("/a", "other words"))
    batch.store()
    batch.store()
    assert told[1:] == [Outcome("replaced", "/a")]


def test_a_new_time_of_change_is_noted_and_the_content_unchanged() -> None:
    made, told = index("words"), list[Outcome]()
    batch = Batch(made, told.append)
    stamp = made.stamp("/0")
    assert stamp
    batch.same("/0", Stamp(stamp.size, 7, stamp.sha256))
    batch.store()
    assert made.stamp("/0") == Stamp(stamp.size, 7, stamp.sha256)
    assert told == [Outcome("unchanged", "/0")]


def test_many_characters_are_stored_without_waiting() -> None:
    made, told = index(), list[Outcome]()
    Batch(made, told.append).put(document("/a", "words " * 700_000))
    assert [outcome.kind for outcome in told] == ["added"]
