from tests.fixtures.steps import node, ran

STATE = {
    "titles": ["Roots", "Leaves"],
    "texts": ["They drink.", "They breathe."],
    "tasks": [{"question": "What do roots do?", "answer": "They drink."}],
    "plain": "Just text.",
    "nothing": [],
}


async def composed(language: str, *parts: dict[str, object], level: int = 2) -> str:
    done = await ran(node("compose", parts=list(parts), level=level), STATE, language=language)
    return str(done.outputs["text"])


async def test_a_list_is_numbered_under_its_heading() -> None:
    text = await composed("en", {"reads": "titles", "heading": {"en": "Plan", "zh": "计划"}})
    assert text == "## Plan\n\n1. Roots\n2. Leaves"


async def test_the_titles_of_another_list_head_the_elements() -> None:
    text = await composed("en", {"reads": "texts", "titles": "titles"}, level=3)
    assert text == "### Roots\n\nThey drink.\n\n### Leaves\n\nThey breathe."


async def test_structures_are_numbered_with_labels_in_the_language_of_the_run() -> None:
    part = {"reads": "tasks", "labels": {"answer": {"en": "Answer", "zh": "答案"}}}
    assert await composed("en", part) == "1. What do roots do?\n\n   **Answer:** They drink."
    assert await composed("zh", part) == "1. What do roots do?\n\n   **答案：** They drink."


async def test_an_empty_part_has_no_heading() -> None:
    text = await composed("en", {"reads": "nothing", "heading": {"en": "Nothing"}}, {"reads": "plain"})
    assert text == "Just text."
