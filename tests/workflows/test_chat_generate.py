import asyncio
from typing import Any

import pytest

from mm_orch.errors import EngineError, InvalidInput
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.message import Message
from mm_orch.runtime.conversation import ConversationManager
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.workflows.chat_generate import ChatGenerateWorkflow
from tests.fixtures.definitions import shipped_prompts


def recall(request: GenerationRequest) -> str:
    """Says the name that was said earlier in the conversation."""
    said = [turn.content for turn in request.prompt if isinstance(turn, Message) and turn.role == "user"]
    names = [text.split("I am ")[1].rstrip(".") for text in said if "I am " in text]
    return f"Your name is {names[-1]}." if names else "I do not know."


def chat(**named: Any) -> ChatGenerateWorkflow:
    return ChatGenerateWorkflow(MockEngine(script=recall), prompts=shipped_prompts(), **named)


def test_a_session_remembers_and_another_does_not() -> None:
    workflow = chat()
    workflow.execute({"message": "I am Tom.", "session_id": "a"})
    assert workflow.execute({"message": "Who am I?", "session_id": "a"}).result == "Your name is Tom."
    assert workflow.execute({"message": "Who am I?", "session_id": "b"}).result == "I do not know."
    assert workflow.execute({"message": "Who am I?"}).result == "I do not know."


def test_the_result_names_its_session() -> None:
    assert chat().execute({"message": "Hi", "session_id": "a"}).session_id == "a"


def test_a_forgotten_session_begins_anew() -> None:
    workflow = chat()
    workflow.execute({"message": "I am Tom.", "session_id": "a"})
    workflow.forget("a")
    assert workflow.execute({"message": "Who am I?", "session_id": "a"}).result == "I do not know."


def test_a_conversation_manager_remembers_and_is_filled() -> None:
    manager = ConversationManager(system_prompt="You are a pirate.")
    manager.add_user_input("I am Tom.")
    manager.add_assistant_response("Arr.")
    workflow = chat(conversation_manager=manager, model_type="gpt2")
    assert workflow.execute({"message": "Who am I?", "session_id": "mine"}).result == "Your name is Tom."
    assert [turn.content for turn in manager.messages][-2:] == ["Who am I?", "Your name is Tom."]
    assert workflow.engine.requests[0].prompt[0] == Message("system", "You are a pirate.")  # type: ignore[attr-defined]


def test_the_managers_budget_reaches_the_engine() -> None:
    workflow = chat(conversation_manager=ConversationManager(max_history_tokens=77))
    workflow.execute("Hi")
    assert workflow.engine.requests[0].max_history_tokens == 77  # type: ignore[attr-defined]


def test_history_among_the_inputs_takes_the_place_of_what_is_remembered() -> None:
    workflow = chat()
    workflow.execute({"message": "I am Tom.", "session_id": "a"})
    history = [{"role": "user", "content": "I am Ann."}, {"role": "assistant", "content": "Hello."}]
    done = workflow.execute({"message": "Who am I?", "session_id": "a", "history": history})
    assert done.result == "Your name is Ann."


def test_a_failed_turn_is_not_remembered() -> None:
    engine = MockEngine(script=["One.", EngineError("it died"), "Three."])
    workflow = ChatGenerateWorkflow(engine, prompts=shipped_prompts())
    workflow.execute({"message": "first", "session_id": "a"})
    with pytest.raises(EngineError):
        workflow.execute({"message": "second", "session_id": "a"})
    workflow.execute({"message": "third", "session_id": "a"})
    assert [turn.content for turn in engine.requests[-1].prompt if isinstance(turn, Message)][1:] == [
        "first",
        "One.",
        "third",
    ]


async def test_messages_of_one_session_at_once_are_answered_one_after_the_other() -> None:
    workflow = chat()
    await asyncio.gather(*(workflow.aexecute({"message": f"I am T{n}.", "session_id": "a"}) for n in range(4)))
    done = await workflow.aexecute({"message": "Who?", "session_id": "a"})
    assert done.result == "Your name is T3."


@pytest.mark.parametrize("session_id", [5, "", ["a"]])
def test_a_session_id_is_text(session_id: object) -> None:
    with pytest.raises(InvalidInput, match="session_id"):
        chat().execute({"message": "Hi", "session_id": session_id})


def test_an_empty_message_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'message' is empty"):
        chat().execute({"message": "  "})
