"""The bot's services on Pipecat 0.0.99: the same script, ears and voice as on 1.14."""

import asyncio
import io
import uuid
import wave
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from pipecat.audio.utils import create_stream_resampler
from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    FunctionCallFromLLM,
    FunctionCallResultFrame,
    InterimTranscriptionFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSStartedFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.llm_service import FunctionCallParams, LLMService
from pipecat.services.stt_service import SegmentedSTTService
from pipecat.services.tts_service import WordTTSService
from pipecat.utils.time import time_now_iso8601

import espeak
import script
from recognizer import SAMPLE_RATE, Recognizer

WORDS_PER_MINUTE = 175
"""Speed of the bot's voice."""

TOKEN_SECONDS = 0.005
"""Pause between two words, as a model that streams its answer makes one."""

USER_ID = "user"


class PocketsphinxSTTService(SegmentedSTTService):
    """Recognizes each stretch of speech that the voice activity detection marks."""

    def __init__(self, recognizer: Recognizer) -> None:
        """Take a loaded recognizer, used by this service alone."""
        super().__init__(sample_rate=SAMPLE_RATE)
        self._recognizer = recognizer

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame, None]:
        """Recognize a WAV and offer the text first as interim, then as final."""
        with wave.open(io.BytesIO(audio)) as wav:
            pcm = wav.readframes(wav.getnframes())
        text = await asyncio.to_thread(self._recognizer.recognize, pcm)
        if not text:
            return
        now = time_now_iso8601()
        yield InterimTranscriptionFrame(text, USER_ID, now)
        yield TranscriptionFrame(text, USER_ID, now)


class EspeakTTSService(WordTTSService):
    """Speaks with espeak-ng and says when each word is spoken."""

    def __init__(self) -> None:
        """Create the service; words are reported as they are spoken, not sentences."""
        super().__init__(push_text_frames=False)
        self._resampler = create_stream_resampler()
        self._spoken_seconds = 0.0

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Start the word times anew with each response."""
        if isinstance(frame, LLMFullResponseStartFrame):
            self._spoken_seconds = 0.0
        await super().process_frame(frame, direction)

    async def flush_audio(self) -> None:
        """Mark the end of the response's words, behind which its end is reported."""
        if self._spoken_seconds > 0.0:
            await self.add_word_timestamps([("TTSStoppedFrame", 0), ("Reset", 0)])

    async def run_tts(self, text: str) -> AsyncGenerator[Frame, None]:
        """Speak one sentence."""
        try:
            speech = await espeak.synthesize(text, WORDS_PER_MINUTE)
        except (OSError, RuntimeError) as error:
            yield ErrorFrame(error=f"speech synthesis failed: {error}")
            return
        yield TTSStartedFrame()
        audio = await self._resampler.resample(speech.pcm, espeak.SAMPLE_RATE, self.sample_rate)
        await self.start_word_timestamps()
        yield TTSAudioRawFrame(audio, self.sample_rate, 1)
        start = self._spoken_seconds
        self._spoken_seconds += speech.seconds
        words = espeak.word_times(text, speech.seconds)
        await self.add_word_timestamps([(word.text, start + word.at) for word in words])


class ScriptedLLMService(LLMService):
    """Answers the last message of the context as the script says.

    Its functions are left to the client. This generation of Pipecat settles a call
    when its handler returns, so the handler waits for the client's result.
    """

    def __init__(self, ask_client: Callable[[FunctionCallParams], Awaitable[None]]) -> None:
        """Create the service; `ask_client` sends a call to the client."""
        super().__init__()
        self._ask_client = ask_client
        self._asked: dict[str, asyncio.Future[Any]] = {}
        self.register_function("get_weather", self._leave_to_client)
        self.register_function("get_battery_level", self._leave_to_client)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer a context; pass everything else on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            await self._respond(frame.context)
        elif isinstance(frame, FunctionCallResultFrame) and frame.tool_call_id in self._asked:
            self._asked.pop(frame.tool_call_id).set_result(frame.result)
        else:
            await self.push_frame(frame, direction)

    async def _respond(self, context: LLMContext) -> None:
        """Stream one response, or make one function call."""
        await self.push_frame(LLMFullResponseStartFrame())
        answer = script.answer(context.get_messages())
        try:
            if isinstance(answer, script.Say):
                await self._stream(answer.text)
            else:
                await self._call(answer, context)
        finally:
            await self.push_frame(LLMFullResponseEndFrame())

    async def _stream(self, text: str) -> None:
        """Push `text` word by word."""
        for index, word in enumerate(text.split(" ")):
            await self.push_frame(LLMTextFrame(word if index == 0 else f" {word}"))
            await asyncio.sleep(TOKEN_SECONDS)

    async def _call(self, call: script.Call, context: LLMContext) -> None:
        """Start a function call."""
        request = FunctionCallFromLLM(
            function_name=call.function,
            tool_call_id=f"call_{uuid.uuid4().hex[:12]}",
            arguments=call.arguments,
            context=context,
        )
        await self.run_function_calls([request])

    async def _leave_to_client(self, params: FunctionCallParams) -> None:
        """Ask the client and wait for its result."""
        result = asyncio.get_running_loop().create_future()
        self._asked[params.tool_call_id] = result
        await self._ask_client(params)
        await params.result_callback(await result)
