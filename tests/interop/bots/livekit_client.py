"""A call by LiveKit's own client: publishes a tone, plays the bot, and prints what that cost."""

import asyncio
import json
import math
import resource
import struct
import sys
import time

from livekit import rtc

RATE = 48_000
"""Samples per second, in both directions."""

FRAME = RATE // 50
"""Samples of one frame."""


async def publish(room: rtc.Room, seconds: float) -> None:
    """Publish a tone for so long."""
    source = rtc.AudioSource(RATE, 1)
    track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    await room.local_participant.publish_track(track, options)
    # One period of 400 Hz has 120 samples, so that every frame is the same.
    samples = [int(16_000 * math.sin(2 * math.pi * 400 * n / RATE)) for n in range(FRAME)]
    pcm = struct.pack(f"<{FRAME}h", *samples)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await source.capture_frame(rtc.AudioFrame(pcm, RATE, 1, FRAME))


async def main(url: str, token: str, seconds: float) -> None:
    """Hold the call and print its cost as figures of a benchmark."""
    room = rtc.Room()
    heard = 0
    tasks: set[asyncio.Task[None]] = set()

    async def play(track: rtc.Track) -> None:
        nonlocal heard
        async for _event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            heard += 1

    @room.on("track_subscribed")
    def subscribed(track: rtc.Track, *_: object) -> None:
        tasks.add(asyncio.create_task(play(track)))

    before = time.process_time()
    await room.connect(url, token)
    await publish(room, seconds)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = time.process_time() - before
    if heard == 0:
        raise RuntimeError("nothing was heard")
    for name, value, unit in (
        ("call-cpu-livekit-python", cpu, "s"),
        ("call-memory-livekit-python", usage.ru_maxrss * 1024 / 1e6, "MB"),
    ):
        print(json.dumps({"name": name, "value": value, "unit": unit, "goal": None, "better": "lower"}))
    await room.disconnect()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
