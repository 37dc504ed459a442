"""Words around a run's answer, in the two languages. Which one: the question's."""

from __future__ import annotations

_ENGLISH = {
    "sources": "Sources:",
    "question": "Question: ",
    "workflow": "Workflow: ",
    "model": "Model: ",
    "session": "Session: ",
    "inputs": "Inputs: ",
    "steps": "Steps:",
    "answer": "Answer:",
    "warnings": "Warnings:",
    "error": "Error: ",
    "searched": "searched for",
    "found": "{count} found by {provider}",
    "read": "read",
    "not_read": "not read",
    "characters": "{count} characters",
    "wrote": "wrote {written} tokens from a prompt of {prompt} ({cached} of them computed before)",
    "failed": "failed",
    "prompt": "prompt:",
    "output": "output:",
    "embedded": "{count} texts embedded",
    "ledger": "Tokens: {context} in the context, {used} used, {left} left",
    "used": "used",
    "cut": "cut",
    "checks": "Sentences: {supported} supported, {unverified} unverified, {dropped} dropped, {repaired} repaired",
    "quoted_only": "No sentence held; passages are quoted instead.",
    "supported": "supported",
    "unverified": "unverified",
    "dropped": "dropped",
    "repaired": "repaired",
    "not_recorded": "(what its steps asked and got is not recorded, or no longer)",
    "left": "{count} tokens left",
    "about": "about {time} left",
    "at_most": "at most {time}",
    "pages": "pages",
    "sections": "sections",
    "draft": "draft, still to be checked:",
    "same": "same result",
    "differs": "the result differs:",
}
_CHINESE = {
    "sources": "来源：",
    "question": "问题：",
    "workflow": "工作流：",
    "model": "模型：",
    "session": "会话：",
    "inputs": "输入：",
    "steps": "步骤：",
    "answer": "回答：",
    "warnings": "警告：",
    "error": "错误：",
    "searched": "搜索",
    "found": "{provider} 找到 {count} 条",
    "read": "已读",
    "not_read": "未读",
    "characters": "{count} 个字符",
    "wrote": "写了 {written} 个 token，提示词 {prompt} 个 token（其中 {cached} 个已算过）",
    "failed": "失败",
    "prompt": "提示词：",
    "output": "输出：",
    "embedded": "{count} 段文本做了嵌入",
    "ledger": "Token：上下文 {context}，已用 {used}，剩余 {left}",
    "used": "使用",
    "cut": "舍去",
    "checks": "句子：{supported} 句有依据，{unverified} 句未核实，{dropped} 句被删，{repaired} 句重写过",
    "quoted_only": "没有一句有依据，改为引用原文。",
    "supported": "有依据",
    "unverified": "未核实",
    "dropped": "已删",
    "repaired": "已重写",
    "not_recorded": "（没有保存各步骤的请求和结果，或已不再保存）",
    "left": "剩余 {count} 个 token",
    "about": "约剩 {time}",
    "at_most": "最多 {time}",
    "pages": "网页",
    "sections": "小节",
    "draft": "草稿，尚待核对：",
    "same": "结果相同",
    "differs": "结果不同：",
}


def label(name: str, language: str, **values: object) -> str:
    """The words called ``name`` in ``language`` (``"zh"``, else English), with ``values`` put in."""
    return (_CHINESE if language == "zh" else _ENGLISH)[name].format(**values)


def counted(what: str, language: str) -> str:
    """The word for what a step counts; one that is not known stays as it is."""
    return (_CHINESE if language == "zh" else _ENGLISH).get(what, what)
