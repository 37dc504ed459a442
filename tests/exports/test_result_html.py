"""A result as one HTML file: readable alone, and nothing in it can act."""

from __future__ import annotations

from lxml import html

from mm_orch.exports.result_html import result_html
from mm_orch.records.workflow_result import WorkflowResult
from tests.exports.results import EVIL, HOSTILE, TEA


def page(question: str, result: WorkflowResult) -> html.HtmlElement:
    return html.document_fromstring(result_html(question, result).encode())


def test_the_page_has_question_answer_and_sources_with_quotes() -> None:
    found = page("What is tea?", TEA)
    assert found.get("lang") == "en"
    assert found.findtext(".//title") == found.findtext(".//h1") == "What is tea?"
    assert "Tea is hot [1]. It is old [2] [9]." in found.find(".//main").text_content()
    assert [item.get("id") for item in found.findall(".//li[@id]")] == ["source-1", "source-2"]
    assert found.findtext(".//blockquote") == "Tea is served hot."
    assert "smollm2-135m" in found.find(".//footer").text_content()


def test_citations_lead_to_their_sources_and_unknown_ones_nowhere() -> None:
    links = page("q", TEA).findall(".//main//a")
    assert [(link.text, link.get("href")) for link in links] == [("[1]", "#source-1"), ("[2]", "#source-2")]


def test_tables_and_emphasis_of_an_answer_are_shown() -> None:
    main = page("q", TEA).find(".//main")
    assert main.findtext(".//td") == "1"
    assert main.findtext(".//strong") == "old"


def test_only_web_addresses_can_be_followed() -> None:
    assert [link.get("href") for link in page("q", TEA).findall(".//ol//a")] == ["https://a.test/?x=1&y=2"]
    assert not [link for link in page("q", EVIL).findall(".//a") if link.get("href", "").startswith("javascript")]


def test_nothing_of_a_hostile_text_becomes_markup() -> None:
    found = page(HOSTILE, EVIL)
    tags = {element.tag for element in found.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "img", "iframe", "object", "form", "input", "link", "base"}
    addresses = {element.get(name) for element in found.iter() for name in ("href", "src") if element.get(name)}
    assert addresses == {'https://a.test/"onload="x'}
    assert not [name for element in found.iter() for name in dict(element.attrib) if name.startswith("on")]
    assert "<script>alert(1)</script>" in found.findtext(".//h1")
    assert found.find(".//main").text_content().strip().startswith("<script>alert(1)</script>")


def test_the_page_needs_nothing_from_outside() -> None:
    found = page("什么是茶？", TEA)
    assert found.get("lang") == "zh"
    policy = found.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert "url(" not in found.findtext(".//style")
    assert "来源" in [heading.text for heading in found.findall(".//h2")]
