"""A voice bot on Pipecat 1.14: WebSocket and WebRTC, without any cloud service.

Run it with the virtual environment of `requirements.txt`; `--help` shows the options.
"""

import asyncio
import json
import secrets
import uuid
from typing import Any
from urllib.parse import urlencode

from aiortc.rtcdtlstransport import RTCCertificate
from fastapi import FastAPI, HTTPException, Request, WebSocket
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.request_handler import (
    SmallWebRTCPatchRequest,
    SmallWebRTCRequest,
    SmallWebRTCRequestHandler,
)
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)

import conversation
from options import BotOptions, ServerOptions, parse
from rooms import Rooms
from serving import log_to_stderr, serve

REFUSED = 4003
"""Close code for a connection that is not let in; before accepting, HTTP says 403."""


class BotServer:
    """The HTTP side of the bot: start requests, WebSocket and WebRTC connections."""

    def __init__(self, options: ServerOptions) -> None:
        """Create the server; `routes` makes the application of it."""
        self._options = options
        self._tokens: set[str] = set()
        self._webrtc = SmallWebRTCRequestHandler()
        self._rooms = Rooms(options.bot)
        self._conversations: set[asyncio.Task[None]] = set()

    def application(self) -> FastAPI:
        """Return the web application."""
        app = FastAPI()
        app.post("/start")(self.start)
        app.websocket("/ws")(self.websocket)
        app.post("/api/offer")(self.offer)
        app.patch("/api/offer")(self.candidates)
        app.get("/rooms/{room}")(self._rooms.log)
        return app

    async def start(self, request: Request) -> dict[str, Any]:
        """Say where to connect; the body's `body` object sets the bot's options.

        As Pipecat's own runner does, takes a body that is no JSON object for none. With the
        `transport` `livekit`, a bot goes into a room of the LiveKit server.
        """
        asked = _object(await request.body())
        if asked.get("transport") == "livekit":
            return self._rooms.start(asked)
        wanted = asked.get("body") if isinstance(asked.get("body"), dict) else {}
        try:
            self._options.bot.with_query(wanted)
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        query = urlencode(wanted)
        token = uuid.uuid4().hex if self._options.auth else None
        if token:
            self._tokens.add(token)
        url = f"ws://{request.url.netloc}/ws" + (f"?{query}" if query else "")
        return {"wsUrl": url, "sessionId": str(uuid.uuid4()), "token": token}

    async def websocket(self, socket: WebSocket) -> None:
        """Hold a conversation over a WebSocket."""
        try:
            options = self._options.bot.with_query(socket.query_params)
        except ValueError as error:
            await socket.close(REFUSED, str(error))
            return
        if self._options.auth and not self._take_token(socket.query_params.get("token")):
            await socket.close(REFUSED, "token missing or used")
            return
        await socket.accept()
        params = FastAPIWebsocketParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            serializer=ProtobufFrameSerializer(),
        )
        await conversation.hold(FastAPIWebsocketTransport(socket, params), options)

    def _take_token(self, token: str | None) -> bool:
        """Say whether `token` was given out, and use it up."""
        if token not in self._tokens:
            return False
        self._tokens.remove(token)
        return True

    async def offer(self, request: SmallWebRTCRequest) -> dict[str, str] | None:
        """Answer a WebRTC offer and hold the conversation beside it."""

        async def begin(connection: SmallWebRTCConnection) -> None:
            task = asyncio.create_task(self._hold_webrtc(connection, self._options.bot))
            self._conversations.add(task)
            task.add_done_callback(self._conversations.discard)

        return await self._webrtc.handle_web_request(request, begin)

    async def candidates(self, request: SmallWebRTCPatchRequest) -> dict[str, str]:
        """Take the client's later network candidates."""
        await self._webrtc.handle_patch_request(request)
        return {"status": "success"}

    async def _hold_webrtc(self, connection: SmallWebRTCConnection, options: BotOptions) -> None:
        params = TransportParams(audio_in_enabled=True, audio_out_enabled=True)
        change = asyncio.create_task(_change_source(connection, options.new_source))
        await conversation.hold(SmallWebRTCTransport(connection, params), options)
        change.cancel()


async def _change_source(connection: SmallWebRTCConnection, seconds: float) -> None:
    """Send the audio of `connection` under another SSRC after so long; never for 0."""
    if seconds:
        await asyncio.sleep(seconds)
        for sender in connection.pc.getSenders():
            sender._ssrc = secrets.randbits(32)


def _limit_ciphers(ciphers: str) -> None:
    """Let DTLS connections use no ciphers but these."""
    create = RTCCertificate._create_ssl_context

    def limited(certificate: RTCCertificate, *profiles: Any, **named: Any) -> Any:
        context = create(certificate, *profiles, **named)
        context.set_cipher_list(ciphers.encode())
        return context

    RTCCertificate._create_ssl_context = limited


def _object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a start request, empty when there is none."""
    try:
        asked = json.loads(body)
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def main() -> None:
    """Start the server."""
    options = parse()
    log_to_stderr(options.log_level)
    if options.ciphers:
        _limit_ciphers(options.ciphers)
    conversation.warm_up()
    serve(BotServer(options).application(), options.host, options.port)


if __name__ == "__main__":
    main()
