from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import router as report
from mm_orch import resources
from mm_orch.errors import EngineCrashed, InvalidInput
from mm_orch.prompts import PromptLibrary
from mm_orch.records.route import Destination
from mm_orch.routing.router import Router
from mm_orch.runtime.mock_engine import MockEngine

DESTINATIONS = report.shipped()
ROUTER = Router(DESTINATIONS)
PROMPTS = PromptLibrary.load([resources.shipped("prompts")])
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
OPEN = "frobnicate"  # says nothing about what is wanted


def normalised(query: str) -> str:
    return "".join(character for character in query.casefold() if character.isalnum())


def test_the_labelled_set_is_large_enough_and_in_both_languages() -> None:
    for language in report.LANGUAGES:
        queries = [each for each in report.labelled("test") if each.language == language]
        assert len(queries) >= 100
        assert {each.workflow for each in queries} == {each.name for each in DESTINATIONS}


def test_no_query_of_the_test_half_was_seen_before() -> None:
    examples = {
        normalised(query) for each in DESTINATIONS for queries in each.examples.values() for query in queries
    }
    seen = examples | {normalised(each.query) for each in report.labelled("dev")}
    test = [normalised(each.query) for each in report.labelled("test")]
    assert not seen.intersection(test)
    assert len(test) == len(set(test))


@pytest.mark.parametrize("language", report.LANGUAGES)
def test_the_router_is_right_on_19_of_20_queries_without_a_model(language: str) -> None:
    outcomes = report.run(ROUTER, [each for each in report.labelled("test") if each.language == language])
    print(report.table(outcomes))
    assert report.accuracy(outcomes) >= 0.95
    always = sum(each.asked.workflow == report.BASELINE for each in outcomes) / len(outcomes)
    assert always < 0.5


def test_confidence_tells_how_often_the_router_is_right() -> None:
    outcomes = report.run(ROUTER, report.labelled("test") + report.labelled("dev"))
    sure = [each for each in outcomes if each.route.confidence >= 0.9]
    unsure = [each for each in outcomes if each.route.confidence < 0.7]
    assert report.accuracy(sure) >= 0.97
    assert report.accuracy(unsure) <= 0.9
    expected = sum(each.route.confidence for each in outcomes) / len(outcomes)
    assert abs(expected - report.accuracy(outcomes)) < 0.05


@settings(max_examples=200)
@given(ANYTHING)
def test_every_text_has_a_route_to_a_known_workflow(text: str) -> None:
    route = ROUTER.route(text)
    shares = [route.confidence, *(each.confidence for each in route.alternatives)]
    assert {route.workflow, *(each.workflow for each in route.alternatives)} == {each.name for each in DESTINATIONS}
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.001)
    assert route.reason


def test_two_processes_route_alike_whatever_their_hash_seed() -> None:
    code = (
        "from benchmarks import router as r; R = r.Router(r.shipped()); print(R.route('教我'), R.route('hi you'))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONIOENCODING": "utf-8",
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("query", "workflow"),
    [
        ("Write a two-line poem about rain", "chat_generate"),
        ("請幫我寫一首關於雨的詩", "chat_generate"),
        ("translate 'teach me a lesson' into French", "chat_generate"),
        ("teech me pyhton with exercices", "lesson_pack"),
        ("用 5 道练习题教我 SQL", "lesson_pack"),
        ("What does 你好 mean?", "search_qa"),
        ("什麼是區塊鏈？", "search_qa"),
    ],
)
def test_the_request_counts_and_not_its_topic_script_or_spelling(query: str, workflow: str) -> None:
    assert ROUTER.route(query).workflow == workflow


def test_pasted_text_does_not_outvote_what_is_asked_for() -> None:
    pasted = "What is a lesson? How many exercises? Who wrote it? " * 100
    assert ROUTER.route(f"Translate this into German:\n{pasted}").workflow == "chat_generate"
    assert ROUTER.route(f"{pasted}\n请把上面的文字翻译成中文").workflow == "chat_generate"


def test_the_reason_quotes_the_deciding_words_in_the_language_of_the_query() -> None:
    assert '"teach me"' in ROUTER.route("teach me knitting").reason
    chinese = ROUTER.route("教我织毛衣").reason
    assert "“教我”" in chinese
    assert "指向 lesson_pack" in chinese


def test_the_reason_names_a_close_runner_up() -> None:
    route = ROUTER.route(OPEN)
    assert route.confidence < 0.75
    assert route.alternatives[0].workflow in route.reason


@pytest.mark.parametrize("unit", ["what is a word ", "教我一个词", "a", "\n", "??", '"', "'", "：", "写。"])
def test_a_query_of_a_megabyte_takes_no_longer_than_its_head(unit: str) -> None:
    query = unit * (1_000_000 // len(unit))
    ROUTER.route("hello")
    started = time.perf_counter()
    ROUTER.route(query)
    assert time.perf_counter() - started < 0.25


RECIPES = {"en": "Finds recipes for the ingredients at home", "zh": "根据家里的食材找菜谱"}


def test_a_workflow_of_the_users_with_three_examples_is_found() -> None:
    queries = ("what can I cook with eggs and rice", "dinner from leftover chicken", "meal ideas for two tomatoes")
    router = Router([*DESTINATIONS, Destination("recipes", RECIPES, examples={"en": queries})])
    assert router.route("what can I cook with beans").workflow == "recipes"
    assert router.route("dinner from leftover pasta").workflow == "recipes"
    assert router.route("what is a black hole").workflow == "search_qa"
    assert router.route("你好").workflow == "chat_generate"


def test_a_workflow_of_the_users_with_phrases_alone_is_found() -> None:
    phrases = ("recipe", "cook ... with", "菜谱", "^今晚吃")
    router = Router([*DESTINATIONS, Destination("recipes", RECIPES, phrases)])
    for query in ("a recipe with beans", "cook something nice with eggs", "鸡蛋的菜谱", "今晚吃点啥"):
        assert router.route(query).workflow == "recipes"


def test_a_workflow_of_the_users_with_a_description_alone_is_found_by_its_words() -> None:
    router = Router([*DESTINATIONS, Destination("recipes", RECIPES)])
    assert router.route("find me recipes for my ingredients").workflow == "recipes"
    assert router.route("按食材找菜谱").workflow == "recipes"
    assert router.route("who wrote Home Alone").workflow == "search_qa"
    assert router.route("write a poem about home").workflow == "chat_generate"


def test_workflows_of_the_users_leave_the_shipped_ones_where_they_were() -> None:
    phrases = ("recipe", "recipes", "菜谱")
    router = Router([*DESTINATIONS, Destination("recipes", RECIPES, phrases), Destination("empty")])
    assert report.accuracy(report.run(router, report.labelled("test"))) >= 0.94


def test_one_workflow_gets_everything() -> None:
    route = Router([Destination("only")]).route("anything")
    assert (route.workflow, route.confidence, route.alternatives) == ("only", 1.0, ())


def test_no_workflow_at_all_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no workflow"):
        Router([])


async def test_the_model_is_not_asked_where_the_wording_is_clear() -> None:
    engine = MockEngine(script=[])
    route = await Router(DESTINATIONS, 0.5).aroute("teach me knitting", engine, PROMPTS)
    assert route.workflow == "lesson_pack"
    assert not engine.requests


async def test_the_model_decides_where_the_wording_leaves_it_open() -> None:
    engine = MockEngine(script=['"lesson_pack"'], model="tiny")
    router = Router(DESTINATIONS, 0.75)
    before = router.route(OPEN)
    route = await router.aroute(OPEN, engine, PROMPTS)
    assert before.workflow != "lesson_pack"
    assert route.workflow == "lesson_pack"
    assert route.confidence > 0.5
    assert "tiny" in route.reason
    assert route.alternatives[0].workflow == before.workflow
    assert route.confidence + sum(each.confidence for each in route.alternatives) == pytest.approx(1, abs=0.001)


async def test_the_model_can_only_answer_with_a_name_and_sees_every_workflow() -> None:
    engine = MockEngine(script=['"search_qa"'])
    await Router(DESTINATIONS, 1.0).aroute("{workflows} frobnicate", engine, PROMPTS)
    (request,) = engine.requests
    assert request.config.json_schema == {"enum": [each.name for each in DESTINATIONS]}
    assert not isinstance(request.prompt, str)
    assert all(each.name in request.prompt[0].content for each in DESTINATIONS)
    assert "{workflows} frobnicate" in request.prompt[-1].content


@pytest.mark.parametrize("script", [[EngineCrashed("the child ended")], ["no such workflow"], [""]])
async def test_a_model_that_fails_leaves_the_decision_to_the_wording_and_the_reason_says_so(
    script: list[str | EngineCrashed],
) -> None:
    router = Router(DESTINATIONS, 1.0)
    route = await router.aroute(OPEN, MockEngine(script=script), PROMPTS)
    before = router.route(OPEN)
    assert (route.workflow, route.confidence, route.alternatives) == (
        before.workflow,
        before.confidence,
        before.alternatives,
    )
    assert "the model was asked and gave no answer" in route.reason


async def test_below_nothing_the_model_is_never_asked() -> None:
    engine = MockEngine(script=[])
    await Router(DESTINATIONS).aroute(OPEN, engine, PROMPTS)
    assert not engine.requests
