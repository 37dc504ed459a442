"""Words around an exported answer, in the language of its question."""

from __future__ import annotations

from mm_orch.language.detection import detect
from mm_orch.records.answer_support import AnswerSupport

_ENGLISH = {
    "sources": "Sources",
    "warnings": "Warnings",
    "checks": "Checked against the sources: {supported} sentences supported, {unverified} unverified, "
    "{dropped} left out",
    "quoted": "No sentence held against the sources; they are quoted instead",
    "by": "Written by MuAI with {model}",
}
_CHINESE = {
    "sources": "来源",
    "warnings": "警告",
    "checks": "已与来源核对：{supported} 句有依据，{unverified} 句未核实，{dropped} 句删去",
    "quoted": "没有一句能得到来源支持，改为引用原文",
    "by": "由 MuAI 使用 {model} 写成",
}


def heading(name: str, question: str, **values: object) -> str:
    """The words called ``name`` in the language of ``question``, with ``values`` put in."""
    return (_CHINESE if detect(question) == "zh" else _ENGLISH)[name].format(**values)


def checked(support: AnswerSupport | None, question: str) -> str:
    """How well an answer is supported, in a sentence; empty where nothing was checked."""
    if support is None:
        return ""
    if support.quoted_only:
        return heading("quoted", question)
    counts = {
        "supported": support.count("supported"),
        "unverified": support.count("unverified"),
        "dropped": support.left_out,
    }
    return heading("checks", question, **counts)
