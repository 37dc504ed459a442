"""The charset of bytes that nobody declared."""

from __future__ import annotations

import pytest

from mm_orch.documents.charset_guess import by_look, by_marks, likeness, sample

_CHINESE = "机器学习是人工智能的一个分支，它让程序从数据里学习规律。"
_RUSSIAN = "Привет, мир. Это проверка кодировки страницы на русском языке."


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf16_is_told_by_the_zeros_of_its_markup(charset: str) -> None:
    assert by_marks(f"<p>{_CHINESE}</p><br>".encode(charset)) == charset


def test_escapes_of_japanese_mail_are_a_mark() -> None:
    assert by_marks("日本".encode("iso2022_jp")) == "iso2022_jp"


@pytest.mark.parametrize("data", [b"", b"plain", _CHINESE.encode(), bytes(1000), b"\0\1\2\3" * 100])
def test_other_bytes_have_no_mark(data: bytes) -> None:
    assert by_marks(data) is None


@pytest.mark.parametrize(
    ("text", "charset"),
    [(_CHINESE, "gb18030"), (_RUSSIAN, "cp1251"), (_RUSSIAN, "koi8-r"), ("これはテストです", "cp932")],
)
def test_common_characters_tell_the_charset(text: str, charset: str) -> None:
    assert by_look(text.encode(charset)) == charset


@pytest.mark.parametrize("data", [b"plain", "Le café est à côté.".encode("cp1252")])
def test_letters_with_accents_tell_none(data: bytes) -> None:
    assert by_look(data) is None


def test_the_sample_is_lines_that_have_more_than_ascii() -> None:
    assert sample(b"a\n\xe9b\nc\n\xe9") == b"\xe9b\n\xe9"
    assert len(sample(b"\xe9" * 100_000)) == 30_000


def test_broken_characters_count_twice_against_a_charset() -> None:
    assert likeness("的一是".encode("gb18030"), "gb18030") == 1.0
    assert likeness(b"\xff\xff", "gb18030") == -2.0
    assert likeness(b"ascii", "gb18030") == 0.0
