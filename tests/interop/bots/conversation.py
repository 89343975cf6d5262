"""One conversation: the pipeline of a bot, whatever transport carries it."""

import asyncio
from collections.abc import Callable, Sequence

from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import Frame, InputAudioRawFrame, OutputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.processors.frameworks.rtvi import RTVIObserverParams
from pipecat.processors.frameworks.rtvi.observer import RTVIFunctionCallReportLevel
from pipecat.transports.base_transport import BaseTransport
from pipecat.turns.user_start import VADUserTurnStartStrategy
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

from app_messages import AppMessages, MuteOnRequest
from inputs import FileReporter, KeypadReader
from options import BotOptions
from recognizer import SAMPLE_RATE, Recognizer
from scripted_llm import ScriptedLLMService
from services import EspeakTTSService, PocketsphinxSTTService

BOT_SAMPLE_RATE = 24000
"""Rate, in Hz, of the bot's voice on the wire; Pipecat's own default."""

PAUSE_SECONDS = 0.6
"""Silence after which the user's turn ends."""


class Echo(FrameProcessor):
    """Turns the user's audio into the bot's."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Pass on every frame, audio as output."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            frame = OutputAudioRawFrame(frame.audio, frame.sample_rate, frame.num_channels)
        await self.push_frame(frame, direction)


def warm_up() -> None:
    """Load every model and module once, so that the first conversation starts fast too."""
    SileroVADAnalyzer()
    Recognizer()
    ScriptedLLMService()


def alone() -> bool:
    """No other client is there: the transport has only one."""
    return False


async def hold(
    transport: BaseTransport,
    options: BotOptions,
    has_clients: Callable[[], bool] = alone,
    more: Sequence[FrameProcessor] = (),
) -> None:
    """Run one conversation until the bot or the last client leaves; `more` hear what comes in."""
    await asyncio.sleep(options.start_delay)
    worker = _worker(transport, options, more)

    @transport.event_handler("on_client_disconnected")
    async def leave(_transport: BaseTransport, _client: object) -> None:
        if not has_clients():
            await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


def _worker(
    transport: BaseTransport, options: BotOptions, more: Sequence[FrameProcessor]
) -> PipelineWorker:
    """Build the pipeline; RTVI is added by the framework."""
    if options.echo:
        return PipelineWorker(
            Pipeline([transport.input(), Echo(), transport.output()]),
            params=PipelineParams(
                audio_in_sample_rate=BOT_SAMPLE_RATE, audio_out_sample_rate=BOT_SAMPLE_RATE
            ),
        )
    mute = MuteOnRequest()
    strategies = UserTurnStrategies(
        start=[VADUserTurnStartStrategy()],
        stop=[SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=PAUSE_SECONDS)],
    )
    aggregators = LLMContextAggregatorPair(
        LLMContext(),
        user_params=LLMUserAggregatorParams(
            user_turn_strategies=strategies,
            user_mute_strategies=[mute],
            vad_analyzer=SileroVADAnalyzer(sample_rate=SAMPLE_RATE),
        ),
    )
    steps = [
        transport.input(),
        AppMessages(mute),
        KeypadReader(),
        FileReporter(),
        *more,
        PocketsphinxSTTService(Recognizer()),
        aggregators.user(),
        ScriptedLLMService(only_repeat=options.only_repeat),
        EspeakTTSService(word_times=options.word_times),
        transport.output(),
        aggregators.assistant(),
    ]
    return PipelineWorker(
        Pipeline(steps),
        params=PipelineParams(
            audio_in_sample_rate=SAMPLE_RATE,
            audio_out_sample_rate=BOT_SAMPLE_RATE,
            enable_metrics=True,
            enable_usage_metrics=True,
        ),
        rtvi_observer_params=_observer_params(options),
    )


def _observer_params(options: BotOptions) -> RTVIObserverParams:
    """Choose which RTVI messages are sent."""
    everything = options.everything
    return RTVIObserverParams(
        bot_llm_marker_enabled=everything,
        bot_audio_level_enabled=everything,
        user_audio_level_enabled=everything,
        vad_user_speaking_enabled=everything,
        system_logs_enabled=everything,
        stt_raw_text_enabled=everything,
        llm_raw_text_enabled=everything,
        tts_raw_text_enabled=everything,
        function_call_report_level={"*": RTVIFunctionCallReportLevel(options.function_detail)},
    )
