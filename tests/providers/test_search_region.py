"""Where to search follows from the question's script, or from the setting."""

from __future__ import annotations

import pytest

from mm_orch.providers.search_region import Region
from mm_orch.records.search import SearchQuery


@pytest.mark.parametrize(
    ("text", "language", "tag"),
    [
        ("绿茶是什么？", "zh", "zh-CN"),
        ("綠茶是什麼？", "zh", "zh-TW"),
        ("茶", "zh", "zh-CN"),
        ("What is 綠茶?", "en", "en"),
        ("What is tea?", "en", "en"),
    ],
)
def test_the_script_of_the_question_decides(text: str, language: str, tag: str) -> None:
    assert Region.of(SearchQuery(text, language=language), None).tag == tag


@pytest.mark.parametrize(
    ("code", "region", "tag"),
    [
        ("cn-zh", Region("cn", "zh"), "zh-CN"),
        ("zh-CN", Region("cn", "zh"), "zh-CN"),
        ("zh_cn", Region("cn", "zh"), "zh-CN"),
        ("tw-tzh", Region("tw", "zh", True), "zh-TW"),
        ("hk-tzh", Region("hk", "zh", True), "zh-HK"),
        ("zh-Hant-HK", Region("hk", "zh", True), "zh-HK"),
        ("zh-Hant", Region("", "zh", True), "zh-TW"),
        ("zh", Region("", "zh"), "zh-CN"),
        ("us-en", Region("us", "en"), "en-US"),
        ("en-GB", Region("gb", "en"), "en-GB"),
        ("en", Region("", "en"), "en"),
        ("jp-jp", Region("jp", "jp"), "jp-JP"),
        ("ja-JP", Region("jp", "ja"), "ja-JP"),
        ("tw", Region("tw", "zh", True), "zh-TW"),
        ("wt-wt", Region("", ""), ""),
        ("somewhere else", Region("", ""), ""),
    ],
)
def test_the_setting_is_understood_in_any_spelling(code: str, region: Region, tag: str) -> None:
    assert Region.of(SearchQuery("茶", language="zh"), code) == region
    assert region.tag == tag
