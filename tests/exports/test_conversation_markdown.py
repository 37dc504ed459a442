"""A conversation as Markdown."""

from __future__ import annotations

from mm_orch.exports.conversation_markdown import conversation_markdown
from mm_orch.records.session import StoredMessage


def test_each_side_speaks_under_its_name() -> None:
    said = [StoredMessage("user", "你好\n", 0.0), StoredMessage("assistant", "Hello.", 1.0)]
    assert conversation_markdown("你好", said) == "# 你好\n\n**You**:\n\n你好\n\n**MuAI**:\n\nHello.\n"
