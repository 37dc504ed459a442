"""How a conversation is written for files without a chat template: the format that each ``model_type`` names."""

from __future__ import annotations

_CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
    "{% endfor %}<|im_start|>assistant{{ '\\n' }}"
)
_LLAMA = (
    "{{ bos_token }}{% set system = messages[0].content if messages[0].role == 'system' else '' %}"
    "{% for m in messages if m.role != 'system' %}{% if m.role == 'user' %}[INST] "
    "{% if system and loop.first %}<<SYS>>\n{{ system }}\n<</SYS>>\n\n{% endif %}{{ m.content }} [/INST]"
    "{% else %} {{ m.content }} {{ eos_token }}{% endif %}{% endfor %}"
)
_LLAMA3 = (
    "{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n"
    "{{ m.content }}<|eot_id|>{% endfor %}<|start_header_id|>assistant<|end_header_id|>{{ '\\n\\n' }}"
)
_PHI3 = "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}<|assistant|>{{ '\\n' }}"
_MISTRAL = (
    "{{ bos_token }}{% set system = messages[0].content if messages[0].role == 'system' else '' %}"
    "{% for m in messages if m.role != 'system' %}{% if m.role == 'user' %}[INST] "
    "{% if system and loop.first %}{{ system }}\n\n{% endif %}{{ m.content }} [/INST]"
    "{% else %} {{ m.content }}{{ eos_token }}{% endif %}{% endfor %}"
)
_PLAIN = "{% for m in messages %}{{ m.role | capitalize }}: {{ m.content }}\n{% endfor %}Assistant:"

CHAT_FORMATS = {
    "chatml": _CHATML,
    "qwen-chat": _CHATML,
    "llama": _LLAMA,
    "llama3": _LLAMA3,
    "phi3": _PHI3,
    "mistral": _MISTRAL,
    "gpt2": _PLAIN,
    "plain": _PLAIN,
}
"""Jinja2 source by ``model_type``."""

PLAIN_STOPS = ("\nUser:",)
"""Where an answer ends in the formats that have no token for it."""


def guess_format(special_tokens: frozenset[str]) -> str:
    """The ``model_type`` whose marks are among a model's special tokens; ``"plain"`` if none is."""
    for name, mark in (("chatml", "<|im_start|>"), ("llama3", "<|start_header_id|>"), ("phi3", "<|assistant|>")):
        if mark in special_tokens:
            return name
    return "plain"
