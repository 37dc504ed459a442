import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from mm_orch.workflows.drawing import mermaid, svg
from mm_orch.workflows.flow import edges
from tests.fixtures.definitions import made, shipped
from tests.fixtures.steps import prompt

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["search_qa", "lesson_pack", "chat_generate"]
ODD = """
title: "A < B & \\"C\\""
steps:
  - {id: end, kind: generate, reads: {question: query}, prompt: ask, writes: text,
     repeat: {back_to: end, at_most: 3, until: text}}
output: {answer: text}
"""


@pytest.mark.parametrize("name", NAMES)
def test_mermaid_has_every_step_and_every_way(name: str) -> None:
    definition = shipped().get(name)
    text = mermaid(definition)
    assert text.startswith("flowchart TD\n")
    assert len(re.findall(r"-->|-\.->", text)) == len(edges(definition))
    for step in definition.steps:
        assert f'step_{step.id}["{step.id}<br/><small>{step.kind}</small>"]' in text


def test_guards_are_the_labels_of_arrows() -> None:
    assert 'step_research -->|"overflow is empty and passages is empty"| step_answer_alone' in mermaid(
        shipped().get("search_qa")
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_well_formed_and_nothing_lies_outside(name: str) -> None:
    definition = shipped().get(name)
    picture = ET.fromstring(svg(definition))
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    texts = [element.text for element in picture.iter(f"{SVG}text")]
    assert {"start", "end", *(step.id for step in definition.steps)} <= set(texts)
    arrows = [element for element in picture.iter(f"{SVG}path") if "marker-end" in element.attrib]
    assert len(arrows) == len(edges(definition))
    for box in picture.iter(f"{SVG}rect"):
        assert float(box.get("x", 0)) + float(box.attrib["width"]) <= width
        assert float(box.get("y", 0)) + float(box.attrib["height"]) <= height
    for arrow in arrows:
        assert all(float(x) <= width for x in re.findall(r"H(\d+)", arrow.attrib["d"]))


def test_odd_names_and_repeats_are_drawn(tmp_path: Path) -> None:
    definition = made(tmp_path, ODD, prompt("ask", "{question}"))
    assert 'step_end -.->|"text is empty (at most 3×)"| step_end' in mermaid(definition)
    title = ET.fromstring(svg(definition)).find(f"{SVG}title")
    assert title is not None
    assert title.text == 'A < B & "C"'


def test_ways_to_one_step_share_a_lane_and_other_lanes_do_not_overlap() -> None:
    from mm_orch.workflows import layout
    from mm_orch.workflows.flow import END, START

    definition = shipped().get("search_qa")
    ways = layout.arrange([START, *(step.id for step in definition.steps), END], edges(definition))
    aside = [way for way in ways if way.lane]
    assert len({way.lane for way in aside if way.edge.target == "answer_alone"}) == 1
    assert len({way.lane for way in aside}) == 2
