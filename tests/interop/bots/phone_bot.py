"""The same bot on the phone.

`/ws` is Pipecat's development runner, which detects Twilio, Telnyx, Plivo and Exotel. Serializers
that it does not create have paths of their own: `/vonage`, `/genesys`, and `/rtvi` for a Twilio
call whose bot also sends RTVI messages. The key `*` makes the bot hang up.

Run it with the virtual environment of `requirements.txt`: `python phone_bot.py -t websocket --port
N`. The providers' credentials may be anything. `PHONE_API` names a server that takes the place of
the providers' own, where bots hang up.
"""

import os
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from fastapi import WebSocket
from pipecat.frames.frames import EndWorkerFrame, Frame, InputDTMFFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.runner.run import app, main
from pipecat.runner.types import RunnerArguments
from pipecat.runner.utils import create_transport, parse_telephony_websocket
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.serializers.genesys import GenesysAudioHookSerializer
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.serializers.vonage import VonageFrameSerializer
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)

import conversation
from options import BotOptions

HANG_UP_KEY = "*"

PROVIDERS = ("twilio", "telnyx", "plivo", "exotel")
"""What the runner detects."""

REMOTE_APIS = ("api.twilio.com", "api.telnyx.com", "api.plivo.com")


class HangUpKey(FrameProcessor):
    """Ends the call when the caller presses `HANG_UP_KEY`."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Look for the key; pass every frame on."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, InputDTMFFrame) and frame.button.value == HANG_UP_KEY:
            await self.push_frame(EndWorkerFrame())


def params(serializer: FrameSerializer | None = None) -> FastAPIWebsocketParams:
    """Return what a call needs of the transport."""
    return FastAPIWebsocketParams(
        audio_in_enabled=True, audio_out_enabled=True, serializer=serializer
    )


async def bot(arguments: RunnerArguments) -> None:
    """Take one call; the runner calls this for every caller."""
    transport = await create_transport(arguments, {name: params for name in PROVIDERS})
    await conversation.hold(transport, BotOptions(), more=[HangUpKey()])


async def take(socket: WebSocket, serializer: FrameSerializer) -> None:
    """Take a call with a serializer of its own."""
    transport = FastAPIWebsocketTransport(socket, params(serializer))
    await conversation.hold(transport, BotOptions(), more=[HangUpKey()])


@app.websocket("/vonage")
async def vonage(socket: WebSocket) -> None:
    """Take a call from Vonage."""
    await socket.accept()
    await take(socket, VonageFrameSerializer())


@app.websocket("/genesys")
async def genesys(socket: WebSocket) -> None:
    """Take a call from Genesys, and return a result in the end."""
    await socket.accept()
    serializer = GenesysAudioHookSerializer()
    serializer.set_output_variables({"intent": "billing"})
    await take(socket, serializer)


@app.websocket("/rtvi")
async def rtvi(socket: WebSocket) -> None:
    """Take a call from Twilio, and send RTVI messages beside Twilio's own."""
    await socket.accept()
    _, call = await parse_telephony_websocket(socket)
    options = TwilioFrameSerializer.InputParams(auto_hang_up=False, ignore_rtvi_messages=False)
    await take(socket, TwilioFrameSerializer(call["stream_id"], call["call_id"], params=options))


def redirect_apis(url: str) -> None:
    """Send requests for the providers' APIs to the server at `url`."""
    local, request = urlsplit(url), aiohttp.ClientSession._request

    async def redirected(session: aiohttp.ClientSession, method: str, target: Any, **named: Any) -> Any:
        parts = urlsplit(str(target))
        if parts.hostname in REMOTE_APIS:
            target = parts._replace(scheme=local.scheme, netloc=local.netloc).geturl()
        return await request(session, method, target, **named)

    aiohttp.ClientSession._request = redirected


if __name__ == "__main__":
    if "PHONE_API" in os.environ:
        redirect_apis(os.environ["PHONE_API"])
    conversation.warm_up()
    main()
