"""The lines of words that are recorded, in the order in which they share one home, and the files they read."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "club.md": (
        "# Rowing club\n\nThe club was founded in 1987 by Maria Lund.\n\n## Fees\n\n| member | fee |\n"
        "| --- | --- |\n| adult | 120 € |\n| child | 45 € |\n\n"
        "- Boats are kept in the green shed.\n- The shed opens at 7:30.\n"
    ),
    "茶馆.md": "# 清风茶馆\n\n清风茶馆位于成都,创办于1992年。\n\n## 价格\n\n一壶龙井茶 38 元,花茶每壶 25 元。\n",
    "page.html": "<title>Ferry</title><h1>Ferry</h1><p>The ferry to Ven leaves every 40 minutes.</p>",
    "broken.yaml": "name: broken\nsteps:\n  - {id: a, kind: generat}\n",
    "own.yaml": (
        "name: own\ntitle: {en: Own, zh: 自己}\ndescription: {en: Mine., zh: 我的。}\n"
        "inputs:\n  message: {type: text}\nquery_input: message\nrouting:\n  hints: {en: [zebra], zh: [斑马]}\n"
        "  examples: {en: [tell the zebra], zh: [告诉斑马]}\nsteps:\n"
        "  - id: reply\n    kind: generate\n    reads: {message: message}\n    prompt: chat_generate/reply\n"
        "    writes: reply\noutput:\n  answer: reply\n"
    ),
}

_QUESTIONS: tuple[tuple[str, ...], ...] = (
    ("What is a tea house?",),
    ("什么是茶馆?",),
    ("--workflow", "search_qa", "Who built the Great Wall?"),
    ("--workflow", "search_qa", "长城是谁修建的?"),
    ("--quiet", "--workflow", "chat_generate", "Write a poem about rain"),
    ("--json", "--workflow", "chat_generate", "写一首关于雨的诗"),
    ("--json", "--workflow", "search_qa", "How does photosynthesis work?"),
    ("--json", "--workflow", "search_qa", "光合作用是怎么进行的?"),
    ("--json", "--language", "zh", "What is machine learning?"),
    ("--json", "--language", "en", "机器学习是什么?"),
    ("lesson", "photosynthesis"),
    ("lesson", "光合作用"),
    ("--json", "Make a lesson about sourdough bread"),
    ("--json", "--offline", "--mock", "What is a queue?"),
    ("--json", "--search", "corpus", "--workflow", "search_qa", "When was the rowing club founded?"),
    ("--json", "--strict", "--search", "corpus", "--workflow", "search_qa", "What is the fee of a child?"),
    ("--search", "corpus", "--workflow", "search_qa", "清风茶馆在哪里?"),
    ("--search", "corpus", "--workflow", "search_qa", "Who is the president of Mars?"),
    ("--seed", "7", "--max-tokens", "20", "Say hello"),
    ("-s", "Be brief.", "--workflow", "chat_generate", "hello"),
)
LINES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--version",), ""),
    (("--help",), ""),
    (("corpus", "add", "club.md", "茶馆.md", "page.html"), ""),
    (("corpus", "add", "missing.md"), ""),
    (("corpus", "list"), ""),
    (("corpus", "search", "fee of an adult"), ""),
    (("corpus", "search", "龙井茶 价格"), ""),
    (("corpus", "search", "--json", "green shed"), ""),
    *((words, "") for words in _QUESTIONS),
    (("--workflow", "chat_generate", "Summarize this"), "The ferry leaves at nine.\n"),
    (("--mode", "chat"), "Hello.\n/help\n/nonsense\n/search What is a tea house?\nThanks.\n"),
    (("--mode", "chat"), "你好。\n/lesson 光合作用\n/sources\n"),
    (("route",), "What is tea?\n写一首诗\nTeach me fractions\n教我勾股定理\nhello\n"),
    (("route", "Who wrote Hamlet?"), ""),
    (("route", "给我讲个笑话"), ""),
    (("runs", "list"), ""),
    (("sessions", "list"), ""),
    (("sessions", "search", "tea"), ""),
    (("models", "list"), ""),
    (("models", "show", "smollm2-135m"), ""),
    (("--model-info",), ""),
    (("workflows", "list"), ""),
    (("workflows", "show", "search_qa"), ""),
    (("workflows", "check", "broken.yaml"), ""),
    (("workflows", "check", "own.yaml"), ""),
    (("corpus", "remove", "page.html"), ""),
    (("",), ""),
    ((), ""),
    (("--workflow", "serch_qa", "hello"), ""),
    (("--model", "gtp2", "hello"), ""),
    (("--search", "dgs", "hello"), ""),
    (("--language", "fr", "hello"), ""),
    (("--mock", "--model", "gpt2", "hello"), ""),
    (("--param", "colour=red", "--workflow", "lesson_pack", "tea"), ""),
    (("--session", "00000000", "hello"), ""),
    (("--config", "missing.yaml", "hello"), ""),
    (("--temp", "hot", "hello"), ""),
    (("modles", "list"), ""),
    (("runs", "show", "000000000000"), ""),
    (("--json", "--workflow", "serch_qa", "hello"), ""),
    (("-f", "club.md", "When does the shed open?"), ""),
    (("--raw", "-p", "hello"), ""),
)


def write_files(folder: Path) -> None:
    """The documents, the page and the workflow files that the lines name, into ``folder``."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
