"""Bytes into characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.documents.charset import decode
from tests.fixtures.site import PAGES

_SIMPLIFIED = "<p>机器学习是人工智能的一个分支，它让程序从数据里学习规律。</p>"
_TRADITIONAL = "<p>豆腐是用黃豆做成的食品，這個做法已經有兩千多年的歷史了。</p>"
_FRENCH = "<p>Le café est à côté de la forêt.</p>"


@given(st.text(st.characters(codec="utf-8")))
def test_utf8_comes_back_whole(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (_SIMPLIFIED, "gbk"),
        (_SIMPLIFIED, "utf-8"),
        (_TRADITIONAL, "big5"),
        (_TRADITIONAL, "gbk"),
        (_FRENCH, "cp1252"),
    ],
)
def test_an_undeclared_charset_is_detected(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text


@pytest.mark.parametrize(
    "declared", ["utf-8", "iso-8859-1", "big5", "no-such-charset", "base64", "punycode", "utf-16", None]
)
def test_a_wrong_declaration_does_not_break_a_chinese_page(declared: str | None) -> None:
    assert decode(_SIMPLIFIED.encode("gbk"), declared) == _SIMPLIFIED


def test_utf8_declared_as_latin1_is_still_read_as_utf8() -> None:
    assert decode(_FRENCH.encode(), "iso-8859-1") == _FRENCH


def test_the_declared_charset_is_taken_when_it_fits() -> None:
    cyrillic = "<p>Привет, мир</p>"
    assert decode(cyrillic.encode("koi8-r"), "koi8-r") == cyrillic


@pytest.mark.parametrize(
    "mark",
    ['<meta charset="koi8-r">', '<?xml version="1.0" encoding="koi8-r"?>', "<META content='x; charset=KOI8-R'>"],
)
def test_the_document_itself_can_declare_its_charset(mark: str) -> None:
    text = f"{mark}<p>Привет, мир</p>"
    assert decode(text.encode("koi8-r")) == text


def test_gb2312_pages_may_use_characters_of_gbk() -> None:
    text = "<p>朱镕基与喆，中文网页常用的字</p>"
    assert decode(text.encode("gbk"), "gb2312") == text


def test_a_byte_order_mark_wins_over_the_declaration() -> None:
    assert decode("\ufeff长城".encode("utf-16-le"), "utf-8") == "长城"


def test_one_broken_byte_does_not_change_the_charset_of_a_long_page() -> None:
    data = (_SIMPLIFIED * 20).encode() + b"\xff" + _SIMPLIFIED.encode()
    assert decode(data, "utf-8") == _SIMPLIFIED * 20 + "\ufffd" + _SIMPLIFIED


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "gbk", "big5", None]))
def test_any_bytes_become_text(data: bytes, declared: str | None) -> None:
    assert isinstance(decode(data, declared), str)


_JAPANESE = "<p>日本の首都は東京です。これはテストのための文章であり、漢字とひらがなとカタカナを含みます。</p>"
_KOREAN = "<p>대한민국의 수도는 서울이다. 이 글은 한국어로 쓴 문장입니다.</p>"
_RUSSIAN = "<p>Привет, мир. Это проверка кодировки страницы на русском языке.</p>"
_PAGES = [
    (_SIMPLIFIED, "gbk"),
    (_SIMPLIFIED, "gb18030"),
    (_SIMPLIFIED * 3, "utf-16-le"),
    (_SIMPLIFIED * 3, "utf-16-be"),
    (_TRADITIONAL, "big5"),
    (_JAPANESE, "shift_jis"),
    (_JAPANESE, "euc_jp"),
    (_JAPANESE, "iso2022_jp"),
    (_KOREAN, "euc_kr"),
    (_RUSSIAN, "cp1251"),
    (_RUSSIAN, "koi8-r"),
]


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "gb2312", "big5", "shift_jis"])
@pytest.mark.parametrize(("text", "charset"), _PAGES)
def test_a_page_is_read_whatever_it_declares(text: str, charset: str, declared: str | None) -> None:
    assert decode(text.encode(charset), declared) == text


@pytest.mark.parametrize("path", ["/zh/great-wall", "/zh/gguf", "/zh/machine-learning"])
def test_a_whole_page_in_gbk_that_declares_nothing_is_read(path: str) -> None:
    page = PAGES[path].html.replace('<meta charset="utf-8">', "")
    assert "charset" not in page
    written = page.encode("gbk", "xmlcharrefreplace")
    assert decode(written) == written.decode("gbk")


def test_a_whole_page_in_big5_that_declares_utf8_is_read() -> None:
    page = PAGES["/zh/tofu"].html.encode("big5", "xmlcharrefreplace")
    assert decode(page, "utf-8") == page.decode("big5")


def test_code_with_one_foreign_word_after_much_of_its_own_is_read() -> None:
    text = "var a = 1;\n" * 20_000 + _SIMPLIFIED
    assert decode(text.encode("gbk")) == text


@pytest.mark.parametrize("text", ["Le café est à côté.", "Größe: 10 µm – „klein“", "naïve", "¿Qué? ¡Sí, señor!"])
def test_accents_are_not_taken_for_another_script(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


def test_a_damaged_page_in_utf8_is_still_utf8() -> None:
    data = "".join(f"<p>{word}</p>" for word in ("Привет мир", "長城", "Größe", "機器學習") * 5).encode()
    broken = data.replace("城".encode(), "城".encode()[:2])
    assert decode(broken).count("長") == 5
