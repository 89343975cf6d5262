"""Speech synthesis with the espeak-ng program, without any Pipecat type in it.

Shared by the bots of both Pipecat generations.
"""

import asyncio
from dataclasses import dataclass

ESPEAK = "espeak-ng"
"""Program that speaks; from the Debian package of the same name."""

SAMPLE_RATE = 22050
"""Rate, in Hz, at which espeak-ng writes 16-bit mono samples."""

WAV_HEADER_BYTES = 44
"""Length of the header that espeak-ng puts before the samples on stdout."""


@dataclass(frozen=True)
class SpokenWord:
    """A word of an utterance and when it is spoken, in seconds from its start."""

    text: str
    at: float


@dataclass(frozen=True)
class Utterance:
    """Synthesized speech: 16-bit little-endian mono PCM at `SAMPLE_RATE`."""

    pcm: bytes

    @property
    def seconds(self) -> float:
        """Length of the speech."""
        return len(self.pcm) / 2 / SAMPLE_RATE


async def synthesize(text: str, words_per_minute: int) -> Utterance:
    """Speak `text` and return its samples.

    Raises:
        RuntimeError: espeak-ng failed; the message carries its own text.
    """
    process = await asyncio.create_subprocess_exec(
        ESPEAK,
        *("-v", "en-us", "-s", str(words_per_minute), "--stdin", "--stdout"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    wav, complaint = await process.communicate(text.encode())
    if process.returncode != 0:
        raise RuntimeError(f"espeak-ng ended with {process.returncode}: {complaint.decode()}")
    return Utterance(wav[WAV_HEADER_BYTES:])


def word_times(text: str, seconds: float) -> list[SpokenWord]:
    """Share `seconds` of speech out among the words of `text`, by their letters.

    espeak-ng reports no word events on its command line, and an estimate is all
    that spoken progress needs.
    """
    words = text.split()
    letters = sum(len(word) for word in words)
    spoken: list[SpokenWord] = []
    before = 0
    for word in words:
        spoken.append(SpokenWord(word, seconds * before / letters))
        before += len(word)
    return spoken
