"""A bot on Pipecat 1.14 that looks at the client's camera and screen, and echoes the camera.

It paints a mark on the echo, so that its frames differ from the client's. With `--avatar`, it shows
pictures of its own instead: a dark one, and each second a white one while it sounds a tone.
`GET /seen` says what it has seen. Run it with the virtual environment of `requirements.txt`; `--help` shows the options.
"""

import argparse
import asyncio
import itertools
from pathlib import Path
from typing import Any

import numpy as np
from aiortc import RTCRtpSender
from fastapi import FastAPI
from pipecat.frames.frames import (
    Frame,
    OutputAudioRawFrame,
    OutputImageRawFrame,
    UserImageRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.transports.base_transport import TransportParams, VideoInSourceParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.request_handler import (
    SmallWebRTCPatchRequest,
    SmallWebRTCRequest,
    SmallWebRTCRequestHandler,
)
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport
from pipecat.workers.runner import WorkerRunner

from serving import log_to_stderr, serve
from video_files import read_number

SOURCES = ("camera", "screenVideo")
MARK = (255, 0, 0)
ALL = 1_000
"""A frame rate that no source exceeds: no picture is left out."""
AVATAR_FPS = 24
FLASH = 6
"""How many of the avatar's pictures in a second are white."""
DARK, WHITE = 40, 235
TONE_RATE = 24_000
TONE_HZ = 440
TONE_LEVEL = 12_000


class Eye(FrameProcessor):
    """Counts the pictures of each source, and echoes the camera's."""

    def __init__(self, seen: dict[str, Any], echo: bool) -> None:
        """Note what is seen in `seen`."""
        super().__init__()
        self._seen = seen
        self._echo = echo

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Look at the client's pictures and pass everything else on."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, UserImageRawFrame):
            await self.push_frame(frame, direction)
            return
        width, height = frame.size
        picture = np.frombuffer(frame.image, dtype=np.uint8).reshape(height, width, 3)
        source = self._seen[frame.transport_source]
        source["frames"] += 1
        source["sizes"][f"{width}x{height}"] = source["sizes"].get(f"{width}x{height}", 0) + 1
        source["numbers"].append(read_number(picture))
        source["times"].append(asyncio.get_running_loop().time())
        if self._echo and frame.transport_source == "camera":
            marked = picture.copy()
            marked[-60:-10, 10:60] = MARK
            await self.push_frame(OutputImageRawFrame(marked.tobytes(), frame.size, "RGB"))


async def perform(worker: PipelineWorker, size: tuple[int, int]) -> None:
    """Show the avatar's pictures, and let it sound."""
    moments = np.arange(TONE_RATE * FLASH // AVATAR_FPS) / TONE_RATE
    tone = (TONE_LEVEL * np.sin(2 * np.pi * TONE_HZ * moments)).astype(np.int16).tobytes()
    dark, white = (bytes([level]) * (size[0] * size[1] * 3) for level in (DARK, WHITE))
    clock = asyncio.get_running_loop()
    start = clock.time()
    for number in itertools.count():
        await asyncio.sleep(max(0.0, start + number / AVATAR_FPS - clock.time()))
        if number % AVATAR_FPS == 0:
            await worker.queue_frame(OutputAudioRawFrame(tone, TONE_RATE, 1))
        picture = white if number % AVATAR_FPS < FLASH else dark
        await worker.queue_frame(OutputImageRawFrame(picture, size, "RGB"))


class VideoBot:
    """The HTTP side of the bot, and its one conversation at a time."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Create the bot; `application` makes the web application of it."""
        self._options = options
        self._webrtc = SmallWebRTCRequestHandler()
        self._conversations: set[asyncio.Task[None]] = set()
        self._connection: SmallWebRTCConnection | None = None
        self._seen: dict[str, Any] = {}

    def application(self) -> FastAPI:
        """Return the web application."""
        app = FastAPI()
        app.post("/api/offer")(self.offer)
        app.patch("/api/offer")(self.candidates)
        app.get("/seen")(self.seen)
        return app

    async def offer(self, request: SmallWebRTCRequest) -> dict[str, str] | None:
        """Answer an offer."""

        async def begin(connection: SmallWebRTCConnection) -> None:
            task = asyncio.create_task(self._hold(connection))
            self._conversations.add(task)
            task.add_done_callback(self._conversations.discard)

        return await self._webrtc.handle_web_request(request, begin)

    async def candidates(self, request: SmallWebRTCPatchRequest) -> dict[str, str]:
        """Take the client's later network candidates."""
        await self._webrtc.handle_patch_request(request)
        return {"status": "success"}

    async def seen(self) -> dict[str, Any]:
        """Say what was seen in the last conversation, and how the bot is."""
        bitrates = [_bitrate(sender) for sender in self._senders()]
        return {**self._seen, "memory": _memory(), "bitrates": bitrates}

    def _senders(self) -> list[RTCRtpSender]:
        return [] if self._connection is None else self._connection.pc.getSenders()

    async def _hold(self, connection: SmallWebRTCConnection) -> None:
        self._connection = connection
        source = {"frames": 0}
        self._seen = {
            name: {**source, "sizes": {}, "numbers": [], "times": []} for name in SOURCES
        }
        self._seen["status"] = status = []

        @connection.event_handler("track-status")
        async def note(_: SmallWebRTCConnection, index: int, enabled: bool) -> None:
            status.append([index, enabled])

        await asyncio.sleep(self._options.start_delay)
        sources = {name: VideoInSourceParams(framerate=ALL) for name in SOURCES}
        size = (self._options.width, self._options.height)
        params = TransportParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            video_in_enabled=True,
            video_in_sources=sources,
            video_out_enabled=self._options.echo or self._options.avatar,
            video_out_is_live=True,
            video_out_width=size[0],
            video_out_height=size[1],
        )
        transport = SmallWebRTCTransport(connection, params)
        eye = Eye(self._seen, self._options.echo and not self._options.avatar)
        pipeline = Pipeline([transport.input(), eye, transport.output()])
        worker = PipelineWorker(pipeline, params=PipelineParams())

        @transport.event_handler("on_client_disconnected")
        async def end(*_: Any) -> None:
            await worker.cancel()

        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        avatar = asyncio.create_task(perform(worker, size)) if self._options.avatar else None
        try:
            await runner.run()
        finally:
            if avatar is not None:
                avatar.cancel()


def _bitrate(sender: RTCRtpSender) -> int | None:
    """Return the bitrate that a sender's encoder aims at, once it has one."""
    encoder = sender._RTCRtpSender__encoder
    return getattr(encoder, "target_bitrate", None)


def _memory() -> int:
    """Return the resident memory of the process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def main() -> None:
    """Start the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--start-delay", type=float, default=0.0, help="seconds before the pipeline")
    parser.add_argument("--no-echo", dest="echo", action="store_false", help="send no video")
    parser.add_argument("--avatar", action="store_true", help="send pictures and sounds of its own")
    parser.add_argument("--width", type=int, default=640, help="of the bot's video")
    parser.add_argument("--height", type=int, default=480, help="of the bot's video")
    parser.add_argument("--log-level", default="WARNING")
    options = parser.parse_args()
    log_to_stderr(options.log_level)
    serve(VideoBot(options).application(), "127.0.0.1", options.port)


if __name__ == "__main__":
    main()
