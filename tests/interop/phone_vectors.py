"""Makes the vectors of `tests/conformance/phone` with Pipecat's own serializers.

Run it with the virtual environment of `requirements.txt`: `python phone_vectors.py`. What a
provider sends is written here as its documents show it, and must mean to Pipecat what it should;
what a bot sends is written by Pipecat.
"""

import asyncio
import base64
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.audio.resamplers.soxr_stream_resampler import SOXRStreamAudioResampler
from pipecat.audio.utils import pcm_to_alaw, pcm_to_ulaw, ulaw_to_pcm
from pipecat.frames.frames import (
    EndFrame,
    InputAudioRawFrame,
    InputDTMFFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
    OutputTransportMessageFrame,
    OutputTransportMessageUrgentFrame,
)
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.serializers.exotel import ExotelFrameSerializer
from pipecat.serializers.genesys import GenesysAudioHookSerializer
from pipecat.serializers.plivo import PlivoFrameSerializer
from pipecat.serializers.telnyx import TelnyxFrameSerializer
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.serializers.vonage import VonageFrameSerializer

FOLDER = Path(__file__).parent.parent / "conformance" / "phone"
SAMPLES = [0, 1, -1, 7, -8, 132, -132, 988, -988, 5000, -5001, 20000, -20000, 32767, -32768]
RTVI = {"label": "rtvi-ai", "type": "bot-llm-started"}
FROM, TO = "+15550100", "+15550199"
PARAMETERS = {"plan": "gold"}

Wire = dict[str, Any]
Step = dict[str, Any]


def pcm(samples: list[int]) -> bytes:
    """Return samples as 16-bit little-endian PCM."""
    return b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples)


def samples_of(data: bytes) -> list[int]:
    """Return the samples of 16-bit little-endian PCM."""
    return [int.from_bytes(data[at : at + 2], "little", signed=True) for at in range(0, len(data), 2)]


async def encoded(encoding: str) -> bytes:
    """Return `SAMPLES` in an encoding, as Pipecat writes it."""
    data, resampler = pcm(SAMPLES), SOXRStreamAudioResampler()
    if encoding == "pcmu":
        return await pcm_to_ulaw(data, 8000, 8000, resampler)
    if encoding == "pcma":
        return await pcm_to_alaw(data, 8000, 8000, resampler)
    return data


def shown(data: str | bytes) -> Wire:
    """Return a message of the WebSocket as vectors have it."""
    if isinstance(data, bytes):
        return {"binary": base64.b64encode(data).decode()}
    return {"text": json.loads(data)}


class Call:
    """One vector: a call step by step, checked against a serializer."""

    def __init__(self, provider: str, encoding: str, ids: tuple[str, str, str]) -> None:
        """Begin with what identifies the call."""
        self.stream, self.call, self.account = ids
        self.encoding = encoding
        self.serializer: FrameSerializer | None = None
        self.rate = int(encoding[4:]) if encoding.startswith("l16-") else 8000
        self.steps: list[Step] = []
        self.vector = {
            "provider": provider,
            "encoding": encoding,
            "streamId": self.stream,
            "callId": self.call,
            "accountId": self.account,
            "from": FROM,
            "to": TO,
            "parameters": PARAMETERS,
            "steps": self.steps,
        }

    async def use(self, serializer: FrameSerializer) -> None:
        """Set the serializer up as a transport does."""
        self.serializer = serializer
        await serializer.setup(SimpleNamespace(audio_in_sample_rate=self.rate))

    def opens(self, *messages: Wire) -> None:
        """The call begins with these messages."""
        self.steps.append({"do": "open", "sends": [{"text": message} for message in messages]})

    async def speaks(self, message: Wire | None = None) -> None:
        """The caller speaks; `message` gets the payload where it has None, else it is binary."""
        data = await encoded(self.encoding)
        if message is not None:
            message["media"]["payload"] = base64.b64encode(data).decode()
        wire = data if message is None else json.dumps(message)
        heard = await self.serializer.deserialize(wire)
        assert isinstance(heard, InputAudioRawFrame), wire
        assert len(samples_of(heard.audio)) == len(SAMPLES), wire
        self.steps.append({"do": "audio", "samples": SAMPLES, "sends": [shown(wire)]})

    async def presses(self, key: str, message: Wire) -> None:
        """The caller presses a key."""
        heard = await self.serializer.deserialize(json.dumps(message))
        assert isinstance(heard, InputDTMFFrame) and heard.button == KeypadEntry(key), message
        self.steps.append({"do": "key", "key": key, "sends": [{"text": message}]})

    async def does(self, what: str, *messages: Wire, **details: Any) -> None:
        """Something that Pipecat ignores or answers."""
        answers = [await self.serializer.deserialize(json.dumps(message)) for message in messages]
        self.steps.append({"do": what, **details, "sends": [{"text": message} for message in messages]})
        for answer in answers:
            if isinstance(answer, OutputTransportMessageUrgentFrame):
                await self.hears(answer, "nothing")

    async def hears(self, frame: Any, signal: Any, *answers: Wire) -> None:
        """The bot sends what Pipecat makes of `frame`, which means `signal`."""
        wire = await self.serializer.serialize(frame)
        assert wire is not None, frame
        self.received(shown(wire), signal, *answers)

    def received(self, wire: Wire, signal: Any, *answers: Wire) -> None:
        """The bot sends `wire`."""
        step = {"do": "receive", "wire": wire, "signal": signal}
        self.steps.append(step | {"sends": [{"text": answer} for answer in answers]})

    async def hears_everything(self) -> None:
        """The bot speaks and is interrupted."""
        audio = OutputAudioRawFrame(audio=pcm(SAMPLES), sample_rate=self.rate, num_channels=1)
        heard = SAMPLES
        if not self.encoding.startswith("l16-"):
            heard = samples_of(await ulaw_to_pcm(await encoded("pcmu"), 8000, 8000, SOXRStreamAudioResampler()))
        await self.hears(audio, {"audio": heard, "rate": self.rate})
        await self.hears(InterruptionFrame(), "clear")

    async def hears_rtvi(self) -> None:
        """The bot sends an RTVI message beside the provider's own."""
        await self.hears(OutputTransportMessageFrame(message=RTVI), {"rtvi": RTVI})

    def ends(self, *messages: Wire) -> None:
        """The caller hangs up."""
        self.steps.append({"do": "hangUp", "sends": [{"text": message} for message in messages]})

    def write(self, name: str) -> None:
        """Write the vector."""
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.json").write_text(json.dumps(self.vector, indent=1) + "\n")


async def detected(*messages: Wire) -> tuple[str, Any]:
    """Return what Pipecat's runner makes of the first messages of a call."""

    async def texts() -> Any:
        for message in messages:
            yield json.dumps(message)

    return await parse_telephony_websocket(SimpleNamespace(iter_text=texts))


def with_rtvi(kind: type[FrameSerializer], **params: Any) -> FrameSerializer.InputParams:
    """Return parameters of a serializer that passes RTVI on."""
    return kind.InputParams(ignore_rtvi_messages=False, **params)


async def twilio() -> None:
    """Twilio."""
    call = Call("twilio", "pcmu", ("MZ1", "CA1", "AC1"))
    start = {
        "accountSid": "AC1",
        "streamSid": "MZ1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"from_number": FROM, "to_number": TO, **PARAMETERS},
    }
    hello = {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    begin = {"event": "start", "sequenceNumber": "1", "start": start, "streamSid": "MZ1"}
    kind, data = await detected(hello, begin)
    assert (kind, data.from_number, data.to_number, data.body["plan"]) == ("twilio", FROM, TO, "gold")
    params = with_rtvi(TwilioFrameSerializer, auto_hang_up=False)
    await call.use(TwilioFrameSerializer(data.stream_id, data.call_id, params=params))
    call.opens(hello, begin)
    media = {"track": "inbound", "chunk": "1", "timestamp": "0"}
    await call.speaks({"event": "media", "sequenceNumber": "2", "media": media, "streamSid": "MZ1"})
    dtmf = {"track": "inbound_track", "digit": "#"}
    await call.presses("#", {"event": "dtmf", "sequenceNumber": "3", "dtmf": dtmf, "streamSid": "MZ1"})
    await call.hears_everything()
    await call.hears_rtvi()
    mark = {"event": "mark", "streamSid": "MZ1", "mark": {"name": "end"}}
    call.received({"text": mark}, {"mark": "end"})
    await call.does("markPlayed", mark | {"sequenceNumber": "4"}, mark="end")
    stop = {"accountSid": "AC1", "callSid": "CA1"}
    call.ends({"event": "stop", "sequenceNumber": "5", "stop": stop, "streamSid": "MZ1"})
    call.write("twilio")


async def telnyx(encoding: str, wire_name: str) -> None:
    """Telnyx, in the encoding of the caller's voice."""
    call = Call("telnyx", encoding, ("st1", "v3:1", "u1"))
    start = {
        "user_id": "u1",
        "call_control_id": "v3:1",
        "call_session_id": "st1",
        "client_state": None,
        "from": FROM,
        "to": TO,
        "custom_parameters": PARAMETERS,
        "media_format": {"encoding": wire_name, "sample_rate": 8000, "channels": 1},
    }
    hello = {"event": "connected", "version": "1.0.0"}
    begin = {"event": "start", "sequence_number": "1", "start": start, "stream_id": "st1"}
    kind, data = await detected(hello, begin)
    assert (kind, data.from_number, data.to_number) == ("telnyx", FROM, TO)
    params = with_rtvi(TelnyxFrameSerializer, auto_hang_up=False)
    outbound = data.outbound_encoding
    await call.use(TelnyxFrameSerializer(data.stream_id, outbound, "PCMU", data.call_id, params=params))
    call.opens(hello, begin)
    media = {"track": "inbound", "chunk": "1", "timestamp": "0"}
    await call.speaks({"event": "media", "sequence_number": "2", "media": media, "stream_id": "st1"})
    await call.presses("5", {"event": "dtmf", "sequence_number": "3", "dtmf": {"digit": "5"}, "stream_id": "st1"})
    await call.hears_everything()
    await call.hears_rtvi()
    mark = {"event": "mark", "mark": {"name": "end"}}
    call.received({"text": mark}, {"mark": "end"})
    played = mark | {"sequence_number": "4", "stream_id": "st1"}
    await call.does("markPlayed", played, mark="end")
    stop = {"user_id": "u1", "call_control_id": "v3:1"}
    call.ends({"event": "stop", "sequence_number": "5", "stop": stop, "stream_id": "st1"})
    call.write(f"telnyx-{encoding}")


async def plivo() -> None:
    """Plivo."""
    call = Call("plivo", "pcmu", ("s1", "c1", "a1"))
    headers = json.dumps({"from_number": FROM, **PARAMETERS, "to_number": TO}, sort_keys=True)
    extra = {"extra_headers": headers.replace(": ", ":").replace(", ", ",")}
    start = {
        "callId": "c1",
        "streamId": "s1",
        "accountId": "a1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000},
    }
    begin = {"sequenceNumber": 0, "event": "start", "start": start, **extra}
    kind, data = await detected(begin)
    assert kind == "plivo"
    params = with_rtvi(PlivoFrameSerializer, auto_hang_up=False)
    await call.use(PlivoFrameSerializer(data.stream_id, data.call_id, params=params))
    call.opens(begin)
    media = {"track": "inbound", "timestamp": "0", "chunk": 1}
    await call.speaks({"sequenceNumber": 1, "streamId": "s1", "event": "media", "media": media, **extra})
    # 15 samples of 8 kHz take one whole millisecond.
    dtmf = {"track": "inbound", "digit": "0", "timestamp": "1"}
    await call.presses("0", {"sequenceNumber": 2, "event": "dtmf", "streamId": "s1", "dtmf": dtmf, **extra})
    await call.hears_everything()
    await call.does("cleared", {"sequenceNumber": 3, "event": "clearedAudio", "streamId": "s1"})
    await call.hears_rtvi()
    call.received({"text": {"event": "checkpoint", "streamId": "s1", "name": "end"}}, {"mark": "end"})
    played = {"sequenceNumber": 4, "event": "playedStream", "streamId": "s1", "name": "end", **extra}
    await call.does("markPlayed", played, mark="end")
    call.ends()
    call.write("plivo")


async def exotel() -> None:
    """Exotel."""
    call = Call("exotel", "l16-8000", ("st1", "c1", "a1"))
    start = {
        "stream_sid": "st1",
        "call_sid": "c1",
        "account_sid": "a1",
        "from": FROM,
        "to": TO,
        "custom_parameters": PARAMETERS,
        "media_format": {"encoding": "base64", "sample_rate": "8000", "bit_rate": "128kbps"},
    }
    hello = {"event": "connected"}
    begin = {"event": "start", "sequence_number": 1, "stream_sid": "st1", "start": start}
    kind, data = await detected(hello, begin)
    assert (kind, data.from_number, data.to_number) == ("exotel", FROM, TO)
    params = with_rtvi(ExotelFrameSerializer)
    await call.use(ExotelFrameSerializer(data.stream_id, data.call_id, params=params))
    call.opens(hello, begin)
    media = {"chunk": 1, "timestamp": "0"}
    await call.speaks({"event": "media", "sequence_number": 2, "stream_sid": "st1", "media": media})
    dtmf = {"duration": "100", "digit": "*"}
    await call.presses("*", {"event": "dtmf", "sequence_number": 3, "stream_sid": "st1", "dtmf": dtmf})
    await call.hears_everything()
    await call.hears_rtvi()
    mark = {"event": "mark", "stream_sid": "st1", "mark": {"name": "end"}}
    call.received({"text": mark}, {"mark": "end"})
    await call.does("markPlayed", mark | {"sequence_number": 4}, mark="end")
    stop = {"call_sid": "c1", "account_sid": "a1", "reason": "callended"}
    call.ends({"event": "stop", "sequence_number": 5, "stream_sid": "st1", "stop": stop})
    call.write("exotel")


async def vonage() -> None:
    """Vonage."""
    call = Call("vonage", "l16-16000", ("st1", "c1", "a1"))
    await call.use(VonageFrameSerializer(with_rtvi(VonageFrameSerializer)))
    headers = {"from_number": FROM, "to_number": TO, **PARAMETERS}
    begin = {"event": "websocket:connected", "content-type": "audio/l16;rate=16000", **headers}
    assert await call.serializer.deserialize(json.dumps(begin)) is None
    call.opens(begin)
    await call.speaks()
    await call.presses("9", {"event": "websocket:dtmf", "digit": "9", "duration": 260})
    await call.hears_everything()
    await call.does("cleared", {"event": "websocket:cleared"})
    await call.hears_rtvi()
    call.received({"text": {"action": "notify", "payload": {"at": 1}}}, {"mark": {"at": 1}})
    await call.does("markPlayed", {"event": "websocket:notify", "payload": {"at": 1}}, mark={"at": 1})
    call.ends({"event": "websocket:disconnected"})
    call.write("vonage")


async def genesys() -> None:
    """Genesys: the bot hangs up in the end."""
    call = Call("genesys", "pcmu", ("s1", "c1", "o1"))
    serializer = GenesysAudioHookSerializer(with_rtvi(GenesysAudioHookSerializer))
    await call.use(serializer)
    parameters = {
        "organizationId": "o1",
        "conversationId": "c1",
        "participant": {"id": "c1", "ani": FROM, "aniName": "", "dnis": TO},
        "media": [{"type": "audio", "format": "PCMU", "channels": ["external"], "rate": 8000}],
        "language": "en-US",
        "inputVariables": PARAMETERS,
    }

    def message(kind: str, seq: int, heard: int, position: str, **details: Any) -> Wire:
        return {
            "version": "2",
            "type": kind,
            "id": "s1",
            "seq": seq,
            "serverseq": heard,
            "position": position,
            "parameters": details,
        }

    begin = message("open", 1, 0, "PT0.000S", **parameters)
    opened = await serializer.deserialize(json.dumps(begin))
    assert serializer.participant["ani"] == FROM and serializer.input_variables == PARAMETERS
    call.opens(begin)
    await call.hears(opened, "opened")
    await call.speaks()
    await call.presses("1", message("dtmf", 2, 1, "PT0.001S", digit="1"))
    await call.hears_everything()
    await call.does("playing", message("playback_started", 3, 2, "PT0.001S"), started=True)
    await call.does("ping", message("ping", 4, 2, "PT0.001S"))
    await call.does("playing", message("playback_completed", 5, 3, "PT0.001S"), started=False)
    result = {"intent": "billing"}
    serializer.set_output_variables(result)
    close = message("close", 6, 4, "PT0.001S", reason="disconnect")
    hang_up = json.loads(await serializer.serialize(EndFrame()))
    signal = {"hangUp": {"reason": "completed", "result": hang_up["parameters"]}}
    call.received({"text": hang_up}, signal, close)
    closed = await serializer.deserialize(json.dumps(close))
    await call.hears(closed, "closed")
    call.write("genesys")


async def main() -> None:
    """Make every vector."""
    await twilio()
    await telnyx("pcmu", "PCMU")
    await telnyx("pcma", "PCMA")
    await plivo()
    await exotel()
    await vonage()
    await genesys()


if __name__ == "__main__":
    asyncio.run(main())
