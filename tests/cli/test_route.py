import json

from tests.cli.program import muai


def test_route_explains_one_query() -> None:
    ran = muai("route", "什么是茶？")
    assert ran.out.startswith("search_qa (")
    assert "chat_generate (" in ran.out
    assert muai("route", "--json", "什么是茶？").document["query"] == "什么是茶？"


def test_route_answers_lines_of_stdin_in_json() -> None:
    ran = muai("route", stdin="What is tea?\n\n给我讲个笑话\n")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["query"] for row in rows] == ["What is tea?", "给我讲个笑话"]
    assert all(set(row) == {"query", "workflow", "confidence", "reason", "alternatives"} for row in rows)
