"""Pipecat services that need no cloud: pocketsphinx, espeak-ng and a fixed script."""

import asyncio
from collections.abc import AsyncGenerator

from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
)
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import SegmentedSTTService
from pipecat.services.tts_service import TTSService
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

import espeak
from recognizer import SAMPLE_RATE, Recognizer

WORDS_PER_MINUTE = 175
"""Speed of the bot's voice."""

CHUNK_SECONDS = 0.1
"""Length of the pieces in which speech is handed to the transport."""

USER_ID = "user"


class PocketsphinxSTTService(SegmentedSTTService):
    """Recognizes each stretch of speech that the voice activity detection marks."""

    def __init__(self, recognizer: Recognizer) -> None:
        """Take a loaded recognizer, used by this service alone."""
        settings = STTSettings(model="pocketsphinx", language=Language.EN_US)
        super().__init__(sample_rate=SAMPLE_RATE, ttfs_p99_latency=0.3, settings=settings)
        self._recognizer = recognizer

    @property
    def wants_wav_segments(self) -> bool:
        """Say that segments are wanted as bare samples."""
        return False

    def can_generate_metrics(self) -> bool:
        """Say that this service has metrics."""
        return True

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Recognize `audio` and offer the text first as interim, then as final."""
        await self.start_processing_metrics()
        text = await asyncio.to_thread(self._recognizer.recognize, audio)
        await self.stop_processing_metrics()
        if not text:
            return
        now = time_now_iso8601()
        yield InterimTranscriptionFrame(text, USER_ID, now, Language.EN_US)
        yield TranscriptionFrame(text, USER_ID, now, Language.EN_US)


class EspeakTTSService(TTSService):
    """Speaks with espeak-ng, with word times if wanted."""

    def __init__(self, *, word_times: bool) -> None:
        """Create the service; without `word_times` a sentence is reported as a whole."""
        super().__init__(
            push_text_frames=not word_times,
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="espeak-ng", voice="en-us", language=Language.EN_US),
        )
        self._word_times = word_times
        self._spoken_context: str | None = None
        self._spoken_seconds = 0.0

    def can_generate_metrics(self) -> bool:
        """Say that this service has metrics."""
        return True

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Speak `text` into the audio context, which may hold earlier sentences."""
        await self.start_tts_usage_metrics(text)
        try:
            speech = await espeak.synthesize(text, WORDS_PER_MINUTE)
        except (OSError, RuntimeError) as error:
            yield ErrorFrame(error=f"speech synthesis failed: {error}")
            return
        start = self._start_in_context(context_id, speech.seconds)
        async for frame in self._stream_audio_frames_from_iterator(
            _chunks(speech.pcm), in_sample_rate=espeak.SAMPLE_RATE, context_id=context_id
        ):
            await self.stop_ttfb_metrics()
            yield frame
            if start is not None and isinstance(frame, TTSAudioRawFrame):
                await self._add_words(text, speech.seconds, start, context_id)
                start = None

    def _start_in_context(self, context_id: str, seconds: float) -> float | None:
        """Return when a sentence of `seconds` starts in its context; None without word times."""
        if not self._word_times:
            return None
        if context_id != self._spoken_context:
            self._spoken_context = context_id
            self._spoken_seconds = 0.0
        start = self._spoken_seconds
        self._spoken_seconds += seconds
        return start

    async def _add_words(self, text: str, seconds: float, start: float, context_id: str) -> None:
        """Tell the framework when each word of a sentence is spoken."""
        words = espeak.word_times(text, seconds)
        await self.add_word_timestamps([(word.text, start + word.at) for word in words], context_id)


async def _chunks(pcm: bytes) -> AsyncGenerator[bytes, None]:
    """Cut samples into pieces of `CHUNK_SECONDS`."""
    size = int(espeak.SAMPLE_RATE * CHUNK_SECONDS) * 2
    for start in range(0, len(pcm), size):
        yield pcm[start : start + size]
