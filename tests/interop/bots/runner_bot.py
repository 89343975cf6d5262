"""The same bot under Pipecat's own development runner.

Run it with the virtual environment of `requirements.txt`:
`python runner_bot.py -t websocket --port N`.
"""

from pipecat.runner.run import main
from pipecat.runner.types import RunnerArguments
from pipecat.runner.utils import create_transport
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.livekit.transport import LiveKitParams
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams

import conversation
from options import BotOptions

TRANSPORTS = {
    "livekit": lambda: LiveKitParams(audio_in_enabled=True, audio_out_enabled=True),
    "websocket": lambda: FastAPIWebsocketParams(
        audio_in_enabled=True, audio_out_enabled=True, serializer=ProtobufFrameSerializer()
    ),
    "webrtc": lambda: TransportParams(audio_in_enabled=True, audio_out_enabled=True),
}


async def bot(arguments: RunnerArguments) -> None:
    """Hold one conversation; the runner calls this for every client."""
    options = BotOptions().with_query(arguments.body or {})
    await conversation.hold(await create_transport(arguments, TRANSPORTS), options)


if __name__ == "__main__":
    conversation.warm_up()
    main()
