"""A voice bot on Pipecat 0.0.99, which speaks the RTVI protocol 1.1.0, over WebSocket.

Run it with the virtual environment of `requirements-legacy.txt`.
"""

import argparse
import asyncio
import uuid
from typing import Any

# Before anything of Pipecat, which would ask the network for data otherwise.
import offline_sentences  # noqa: F401

# isort: split
from fastapi import FastAPI, Request, WebSocket
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frameworks.rtvi import (
    RTVIClientMessage,
    RTVIObserver,
    RTVIProcessor,
)
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transports.websocket.fastapi import (
    FastAPIWebsocketParams,
    FastAPIWebsocketTransport,
)
from pipecat.turns.user_start import VADUserTurnStartStrategy
from pipecat.turns.user_stop import TranscriptionUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from legacy_services import EspeakTTSService, PocketsphinxSTTService, ScriptedLLMService
from recognizer import SAMPLE_RATE, Recognizer
from serving import log_to_stderr, serve

LANGUAGE = "en-US"

PAUSE_SECONDS = 0.6
"""Silence after which the user's turn ends."""


async def start(request: Request) -> dict[str, Any]:
    """Say where to connect."""
    url = f"ws://{request.url.netloc}/ws"
    return {"wsUrl": url, "sessionId": str(uuid.uuid4()), "token": None}


async def hold(socket: WebSocket) -> None:
    """Run one conversation until the bot or the client leaves."""
    await socket.accept()
    params = FastAPIWebsocketParams(
        audio_in_enabled=True,
        audio_out_enabled=True,
        serializer=ProtobufFrameSerializer(),
        vad_analyzer=SileroVADAnalyzer(
            sample_rate=SAMPLE_RATE, params=VADParams(stop_secs=PAUSE_SECONDS)
        ),
    )
    transport = FastAPIWebsocketTransport(socket, params)
    task = _task(transport)

    @transport.event_handler("on_client_disconnected")
    async def leave(_transport: FastAPIWebsocketTransport, _client: object) -> None:
        await task.cancel()

    await PipelineRunner(handle_sigint=False).run(task)


def _task(transport: FastAPIWebsocketTransport) -> PipelineTask:
    """Build the pipeline, with RTVI added by hand as this generation needs."""
    rtvi = RTVIProcessor()
    llm = ScriptedLLMService(rtvi.handle_function_call)
    strategies = UserTurnStrategies(
        start=[VADUserTurnStartStrategy()], stop=[TranscriptionUserTurnStopStrategy()]
    )
    aggregators = LLMContextAggregatorPair(
        LLMContext(), user_params=LLMUserAggregatorParams(user_turn_strategies=strategies)
    )
    steps = [
        transport.input(),
        rtvi,
        PocketsphinxSTTService(Recognizer()),
        aggregators.user(),
        llm,
        EspeakTTSService(),
        transport.output(),
        aggregators.assistant(),
    ]
    task = PipelineTask(
        Pipeline(steps),
        params=PipelineParams(enable_metrics=True, enable_usage_metrics=True),
        observers=[RTVIObserver(rtvi)],
    )
    _answer_client(rtvi)
    return task


def _answer_client(rtvi: RTVIProcessor) -> None:
    """Answer the handshake and the app's own messages."""

    @rtvi.event_handler("on_client_ready")
    async def ready(processor: RTVIProcessor) -> None:
        await processor.set_bot_ready()

    @rtvi.event_handler("on_client_message")
    async def act(processor: RTVIProcessor, message: RTVIClientMessage) -> None:
        if message.type == "get-language":
            await processor.send_server_response(message, {"language": LANGUAGE})
        elif message.type == "echo":
            await processor.send_server_response(message, message.data)
        elif message.type == "slow":
            await asyncio.sleep(float(message.data["seconds"]))
            await processor.send_server_response(message, message.data)
        elif message.type == "server-message":
            await processor.send_server_message(message.data)
        elif message.type != "never":
            error = f"unknown request '{message.type}'"
            await processor.send_error_response(message, error)


def main() -> None:
    """Start the server."""
    parser = argparse.ArgumentParser(description="A Pipecat 0.0.99 bot without cloud services.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--log-level", default="WARNING", help="lowest level written to stderr")
    options = parser.parse_args()
    log_to_stderr(options.log_level.upper())
    SileroVADAnalyzer()
    Recognizer()
    app = FastAPI()
    app.post("/start")(start)
    app.websocket("/ws")(hold)
    serve(app, options.host, options.port)


if __name__ == "__main__":
    main()
