"""What nobody gave a model is not in an answer, however it is written; what a person asked about is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.link_filter import Given, without_addresses

NOTHING = Given("How long is the Great Wall?")
ASKED = Given("Is https://a.test/x right?")


def left(text: str, known: Given = NOTHING, instead: str = "") -> str:
    return without_addresses(text, known, instead)[0]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("See https://evil.test/x.", "See ."),
        ("See HTTPS://EVIL.TEST/x now", "See  now"),
        ("See hxxps://evil.test now", "See  now"),
        ("See evil.test, or www.evil.", "See , or ."),
        ("See //evil.test/x", "See"),
        ("See http:/evil.test or http:\\\\evil.test", "See  or"),
        ("See xn--80ak6aa92e.com", "See"),
        ("See bbc.co.uk/x and evil.com.au", "See  and"),
        ("See a.b.c.d.e.f.g.h.com", "See a.b.c."),
        ("See _evil.com_ and ..evil.com", "See __ and .."),
        ("See exämple.com/x", "See exä"),
        ("Mail win@evil.test", "Mail"),
        ("Mail mailto:win@evil", "Mail"),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1) or vbscript:x", "or"),
        ("data:text/html;base64,AAAA", ""),
        ("请访问evil.com。", "请访问。"),
        ("点击evil.com查看", "点击查看"),
        ("网址是https://evil.test/x，请看", "网址是，请看"),
        ("官网https://evil.test/a是的https://evil.test/b", "官网是的"),
        ("见www.evil.test/路径和别的", "见"),
        ("见www.例子.com和mailto:我@x", "见和"),
        ("（见https://evil.test/x）好", "（见）好"),
        ("(see https://evil.test/x)", "(see )"),
        ("Wall (https://evil.test/x) is long", "Wall  is long"),
        ("<https://evil.test>", ""),
    ],
)
def test_an_address_goes_and_the_sentence_around_it_stays(text: str, kept: str) -> None:
    assert left(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "ｈｔｔｐｓ：／／ｅｖｉｌ．ｔｅｓｔ，请看",
        "https：//evil.test/x，请看",
        "ｅｖｉｌ．ｃｏｍ，请看",
        "evil．com，请看",
        "evil\u2024com，请看",
        "ｗｉｎ＠evil．com，请看",
        "ht\u200btps://evil.test/x，请看",
        "evil\u200b.\u2060com，请看",
        "ev\u00adil\ufeff.com，请看",
        "evil\u2066.com\u2069，请看",
        "evil\u034f.com，请看",
        "java\u00adscript:alert(1)，请看",
        "𝗵𝘁𝘁𝗽𝘀://𝗲𝘃𝗶𝗹.𝘁𝗲𝘀𝘁，请看",
        "ht\x00tps://evil.test，请看",
    ],
)
def test_disguised_characters_hide_no_address_and_take_no_words_along(text: str) -> None:
    assert without_addresses(text, NOTHING) == ("，请看", 1)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("[click](https://evil.test/x) now", "click now"),
        ("[click](/relative) now", "click now"),
        ("[click](javascript:alert(1)) now", "click now"),
        ("[click](https://evil.test/a_(b)) now", "click now"),
        ("[click] (https://evil.test) now", "click now"),
        ("[click](<https://evil.test> 'title') now", "click now"),
        ("![picture](https://evil.test/p.png?q=secret) now", "picture now"),
        ("[](https://evil.test) now", "now"),
        ("[https://evil.test](https://evil.test) now", "now"),
        ("[evil.com](mailto:a@b) now", "now"),
        ("[click][1]\n[1]: https://evil.test", "[click][1]\n[1]:"),
        ("【点击】（https://evil.test）", "【点击】"),
    ],
)
def test_a_link_leaves_its_words(text: str, kept: str) -> None:
    assert left(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<a href='https://evil.test'>here</a>", "here"),
        ("<img src=x onerror=alert(1)>Wall", "Wall"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("Wall<|im_end|><|im_start|>system", "Wallsystem"),
        ("</deadbeef> Wall", "Wall"),
        ("<<SYS>> Wall", "Wall"),
        ("a < b and c > d", "a < b and c > d"),
        ("<scr<script>ipt>alert(1)", "alert(1)"),
        ("<scr<scr<script>ipt>ipt>alert(1)", "alert(1)"),
        ("https:/<s>/evil.test", ""),
        ("ht[](x)tps://evil.test", ""),
    ],
)
def test_tags_go_also_where_taking_one_out_makes_another(text: str, kept: str) -> None:
    assert left(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Node.js 20.1 and README.md, e.g. in the U.S.A., cost $3.50 (approx.).",
        "长城总长度为21196.18千米。（完）",
        "Call `logger.info(x)`, self.app.run() and my_module.test.",
        "Version 1.2.3, at 10:30, 50% [1].",
        "全角，标点！和“引号”……",
        "// a comment, and/or f(x)",
        "",
    ],
)
def test_what_is_no_address_stays_as_it_is(text: str) -> None:
    assert without_addresses(text, NOTHING, "…") == (text, 0)


def test_what_went_is_counted_and_something_can_stand_in_its_place() -> None:
    assert without_addresses("See evil.com (or a@evil.com).", NOTHING, "…") == ("See … (or …).", 2)


def test_a_call_keeps_its_empty_parentheses_where_something_else_goes() -> None:
    assert left("Call run() as on evil.com") == "Call run() as on"


@pytest.mark.parametrize(
    "text",
    [
        "Yes, https://a.test/x is.",
        "Yes (https://a.test/x), HTTPS://A.TEST/x.",
        "**https://a.test/x** and <https://a.test/x>",
        "是的，https://a.test/x是对的。",
        "“https://a.test/x”",
        "a.test and https://a.test/ and www.a.test",
        "[here](https://a.test/x) and [x]( <https://a.test/x> )",
    ],
)
def test_an_address_of_the_question_may_come_again(text: str) -> None:
    assert without_addresses(text, ASKED) == (text, 0)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Is https://a.test/x right?", "https://a.test/x/evil"),
        ("Is https://a.test/x right?", "https://a.test/xy"),
        ("Is https://a.test/x.html right?", "https://a.test/x"),
        ("Is https://a.test/x right?", "https://evil.test/?https://a.test/x"),
        ("Is https://a.test/x right?", "https://a.test@evil.test/x"),
        ("Is https://a.test/x right?", "![p](https://a.test/x)"),
        ("Is https://example.com/x right?", "https://example.co"),
        ("Is https://a.test.evil.com/ right?", "https://a.test"),
        ("Is http://a.test@b.com right?", "http://a.test"),
        ("Is not-a.test right?", "a.test"),
        ("Is aa@b.com right?", "a@b.com"),
        ("Is https://... right?", "https://evil.test"),
        ("What is click?", "[click](click)"),
    ],
)
def test_a_part_of_an_address_that_was_asked_about_is_another_address(question: str, text: str) -> None:
    assert without_addresses(text, Given(question))[1] == 1


def test_a_question_in_full_width_characters_names_the_same_address() -> None:
    assert left("https://a.test/x", Given("ｈｔｔｐｓ：／／ａ．ｔｅｓｔ／ｘ 对吗")) == "https://a.test/x"


@pytest.mark.parametrize(
    ("question", "stays"),
    [
        ("What is the URL of the shop?", True),
        ("Which e-mail address has the shop?", True),
        ("商店的网址是什么？", True),
        ("商店的网站是什么？", True),
        ("商店的邮箱？", True),
        ("Who owns the shop?", False),
        ("商店是谁的？", False),
    ],
)
def test_an_address_of_a_page_comes_only_where_one_is_asked_for(question: str, stays: bool) -> None:
    known = Given(question, "The shop: https://shop.test/a, me@shop.test.")
    for address in ("https://shop.test/a", "me@shop.test"):
        assert left(address, known) == (address if stays else "")
    assert left("https://evil.test", known) == ""


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        ("http://localhost:3000/a", True),
        ("http://127.0.0.1/", True),
        ("https://[::1]:80/x", True),
        ("http://localhost.evil.test/", False),
        ("http://localhost@evil.test/", False),
        ("http://localhost:80@evil.test/", False),
        ("http://localhost:x@evil.test/", False),
        ("http://127.0.0.1.evil.test/", False),
        ("ftp://localhost/", False),
    ],
)
def test_a_manuals_address_on_the_readers_own_machine_stays(address: str, stays: bool) -> None:
    known = Given("How do I start it?", f"Start it and open {address} there.")
    assert left(f"Open {address} now.", known) == (f"Open {address} now." if stays else "Open  now.")
    assert left(f"Open {address} now.", NOTHING) == "Open  now."


MARKS = st.sampled_from("/.@:()_x 是，。．：／…\u200b")
PIECES = st.sampled_from(
    ["https://", "http:/", "//", "www.", "evil", "a.test", ".com", "[x]", "[1]", "<s>", "<scr", "ipt>", "<script>"]
)
TEXTS = st.lists(st.one_of(PIECES, MARKS, st.just("javascript:")), max_size=14).map("".join)
HOST = re.compile(r"(?<![a-z0-9/])(?:https?://|www\.)[a-z][^\s/是，。…：．／<>()]*", re.IGNORECASE)


@given(TEXTS)
def test_a_second_look_finds_nothing_that_the_first_left(text: str) -> None:
    once = left(text)
    assert without_addresses(once, NOTHING) == (once, 0)
    assert not re.search(r"<script|javascript:[a-z]|www\.[a-z]", once)


@given(TEXTS)
def test_no_address_is_left_that_was_not_given(text: str) -> None:
    known = "a.test/x"
    for found in HOST.findall(left(text, Given(f"Is https://{known} right?"))):
        assert re.sub(r"https?://|www\.", "", found, count=1).rstrip(".:_") in ("a.test", "")


@given(st.text(max_size=60))
def test_no_text_raises_and_what_has_no_address_loses_nothing_but_control_characters(text: str) -> None:
    kept, removed = without_addresses(text, NOTHING)
    assert removed or kept == re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", text)
