from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, page, ran

SENTENCE = "This is one sentence of the page. "


async def test_a_long_page_is_trimmed_to_its_tokens() -> None:
    engine = MockEngine()
    step = node("select", reads={"pages": "pages"}, limits={"tokens_per_page": 40})
    done = await ran(step, {"pages": [page(1, SENTENCE * 50), page(2, "Short.")]}, engine=engine)
    first, second = done.outputs["pages"]
    [size] = await engine.count_tokens([first.text])
    assert 10 < size <= 40
    assert first.text.endswith("page.")
    assert second == page(2, "Short.")


async def test_a_page_takes_at_most_half_of_a_small_context() -> None:
    engine = MockEngine(context_length=64)
    step = node("select", reads={"pages": "pages"}, limits={"tokens_per_page": 1000})
    done = await ran(step, {"pages": [page(1, SENTENCE * 50)]}, engine=engine)
    [size] = await engine.count_tokens([done.outputs["pages"][0].text])
    assert 0 < size <= 32
