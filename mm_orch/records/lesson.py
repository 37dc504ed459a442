"""A lesson as data: what a page, a slide deck or a quiz is made of, before it is text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LessonSection:
    """A part of the explanation, under its title of the plan."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question with its answer; either may be blank where the model left it out."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """``plan`` are the titles in order; ``language`` is ``"zh"`` or ``"en"``."""

    topic: str
    difficulty: str
    language: str
    plan: tuple[str, ...]
    sections: tuple[LessonSection, ...]
    exercises: tuple[Exercise, ...]
