"""A Pipecat LLM service that follows a fixed script."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from pipecat.frames.frames import (
    Frame,
    FunctionCallFromLLM,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMMarkerResponseFrame,
    LLMTextFrame,
)
from pipecat.metrics.metrics import LLMTokenUsage
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.llm_service import FunctionCallParams, LLMService
from pipecat.services.settings import LLMSettings

import script

TOKEN_SECONDS = 0.005
"""Pause between two words, as a model that streams its answer makes one."""

LOOK_UP_SECONDS = 60.0
"""How long the server itself would work on `look_up`: until the user interrupts it."""

SETTINGS = LLMSettings(
    model="script",
    system_instruction=None,
    temperature=None,
    max_tokens=None,
    top_p=None,
    top_k=None,
    frequency_penalty=None,
    presence_penalty=None,
    seed=None,
    filter_incomplete_user_turns=False,
    user_turn_completion_config=None,
)
"""Settings that Pipecat asks every LLM service for; a script has no use for them."""

MARKER = "✓"
"""Marker reported for every answer, for clients that are told of markers."""


class ScriptedLLMService(LLMService):
    """Answers the last message of the context as the script says."""

    def __init__(self, *, only_repeat: bool = False) -> None:
        """Create the service, with its functions registered."""
        super().__init__(settings=SETTINGS)
        self._only_repeat = only_repeat
        self.register_function("get_weather", self._leave_to_client)
        self.register_function("get_battery_level", self._leave_to_client)
        self.register_function("look_up", self._work_long)

    def can_generate_metrics(self) -> bool:
        """Say that this service has metrics."""
        return True

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer a context; pass everything else on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            await self._respond(frame.context)
        else:
            await self.push_frame(frame, direction)

    async def _respond(self, context: LLMContext) -> None:
        """Stream one response, or make one function call."""
        await self.push_frame(LLMFullResponseStartFrame())
        await self.start_processing_metrics()
        await self.start_ttfb_metrics()
        answer = self._answer(context.get_messages())
        try:
            if isinstance(answer, script.Say):
                await self._stream(answer.text)
            else:
                await self.stop_ttfb_metrics()
                await self._call(answer, context)
        finally:
            await self.stop_processing_metrics()
            await self.push_frame(LLMFullResponseEndFrame())

    def _answer(self, messages: Sequence[Mapping[str, Any]]) -> script.Say | script.Call:
        """Decide what to answer to a context's messages."""
        if self._only_repeat:
            return script.repeat(script.last_said(messages))
        return script.answer(messages)

    async def _stream(self, text: str) -> None:
        """Push `text` word by word, then its usage and its marker report."""
        words = text.split(" ")
        for index, word in enumerate(words):
            await self.push_frame(LLMTextFrame(word if index == 0 else f" {word}"))
            await self.stop_ttfb_metrics()
            await asyncio.sleep(TOKEN_SECONDS)
        tokens = len(words)
        usage = LLMTokenUsage(prompt_tokens=0, completion_tokens=tokens, total_tokens=tokens)
        await self.start_llm_usage_metrics(usage)
        report = LLMMarkerResponseFrame(f"{MARKER} {text}", MARKER, "complete", [MARKER])
        await self.push_frame(report)

    async def _call(self, call: script.Call, context: LLMContext) -> None:
        """Start a function call."""
        request = FunctionCallFromLLM(
            function_name=call.function,
            tool_call_id=_new_id() if call.call_id is None else call.call_id,
            arguments=call.arguments,
            context=context,
        )
        await self.run_function_calls([request])

    async def _leave_to_client(self, params: FunctionCallParams) -> None:
        """Return without a result: the client's `llm-function-call-result` completes the call."""

    async def _work_long(self, params: FunctionCallParams) -> None:
        """Stay busy, so that an interruption cancels the call."""
        await asyncio.sleep(LOOK_UP_SECONDS)


def _new_id() -> str:
    """Return an id for a call."""
    return f"call_{uuid.uuid4().hex[:12]}"
