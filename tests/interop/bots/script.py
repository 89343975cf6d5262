"""What the bots answer: a fixed script in place of a language model.

Pure Python, without any Pipecat type in it. Shared by the bots of both Pipecat
generations.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SENTENCE_COUNT = 20
"""How many sentences a long answer has, so that there is time to interrupt it."""


@dataclass(frozen=True)
class Say:
    """The bot answers with text."""

    text: str


@dataclass(frozen=True)
class Call:
    """The bot calls a function, which the client answers."""

    function: str
    arguments: Mapping[str, Any]
    call_id: str | None = None
    """The id, where the model would not make a new one."""


def answer(messages: Sequence[Mapping[str, Any]]) -> Say | Call:
    """Decide what follows from the last message of a conversation."""
    last = messages[-1] if messages else {}
    if last.get("role") == "tool":
        return Say(_report(str(last.get("content"))))
    return answer_user(last_said(messages))


def answer_user(text: str) -> Say | Call:
    """Decide what follows from what the user said or wrote."""
    words = text.lower()
    if "same number" in words:
        return Call("get_weather", {"city": text}, "get_weather:0")
    if "no number" in words:
        return Call("get_weather", {"city": text}, "")
    if "half an emoji" in words:
        return Say("This is half \ud83d an emoji.")
    if "weather" in words:
        return Call("get_weather", {"city": "London" if "london" in words else "Paris"})
    if "battery" in words:
        return Call("get_battery_level", {})
    if "look up" in words:
        return Call("look_up", {"query": text})
    if "count" in words:
        numbers = range(1, SENTENCE_COUNT + 1)
        return Say(" ".join(f"This is sentence number {number}." for number in numbers))
    return repeat(text)


def repeat(text: str) -> Say:
    """Repeat what the user said or wrote."""
    return Say(f"You said: {text.rstrip('.')}. That is all I know.")


def last_said(messages: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a conversation's last message."""
    return _text(messages[-1].get("content")) if messages else ""


def _text(content: object) -> str:
    """Return the text of a message's content, which may be a list of parts."""
    if isinstance(content, list):
        return " ".join(part.get("text", "") for part in content if isinstance(part, Mapping))
    return str(content or "")


def _report(result: str) -> str:
    """Put a function's result, a JSON text, into words."""
    try:
        value = json.loads(result)
    except ValueError:
        value = result
    if isinstance(value, Mapping):
        value = ", ".join(f"{key} {item}" for key, item in value.items())
    return f"Here is the answer. It is {value}."
