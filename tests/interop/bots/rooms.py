"""Conversations in the rooms of a LiveKit server."""

import asyncio
import uuid
from collections import defaultdict
from typing import Any

from pipecat.runner.livekit import (
    generate_session_tokens,
    generate_token,
    livekit_credentials,
)
from pipecat.transports.livekit.transport import LiveKitParams, LiveKitTransport

import conversation
from options import BotOptions

SEEN = (
    "on_connected",
    "on_disconnected",
    "on_participant_connected",
    "on_participant_disconnected",
    "on_audio_track_subscribed",
    "on_audio_track_unsubscribed",
)
"""The events of a bot's transport that `Rooms.log` returns."""

BOTS = ("Pipecat Agent", "Plain Bot")
"""How the identities of bots begin."""


class Rooms:
    """The bots of this process in rooms, and what each room's bots saw."""

    def __init__(self, options: BotOptions) -> None:
        """Create the rooms of one server, which the environment names as for Pipecat's runner."""
        self._options = options
        self._seen: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        self._conversations: set[asyncio.Task[None]] = set()

    def start(self, asked: dict[str, Any]) -> dict[str, str]:
        """Send a bot into a room and return how a user joins it, as Pipecat's runner does.

        `asked` may name the `room`, the `delay` in seconds until the bot joins it, and, with
        `agent` false, require a bot whose token does not say that it is one.
        """
        url, key, secret = livekit_credentials()
        room = asked.get("room") or f"pipecat-{uuid.uuid4().hex[:8]}"
        session = str(uuid.uuid4())
        bot, user = generate_session_tokens(room, session, key, secret)
        if not asked.get("agent", True):
            bot = generate_token(room, f"{BOTS[1]}-{session[:8]}", key, secret)
        self._keep(self._hold(url, bot, room, float(asked.get("delay", 0))))
        return {"url": url, "token": user, "sessionId": session}

    def log(self, room: str) -> list[dict[str, str]]:
        """Return the events of the bots in a room, in their order."""
        return self._seen[room]

    def _keep(self, conversation: Any) -> None:
        task = asyncio.create_task(conversation)
        self._conversations.add(task)
        task.add_done_callback(self._conversations.discard)

    async def _hold(self, url: str, token: str, room: str, delay: float) -> None:
        await asyncio.sleep(delay)
        params = LiveKitParams(audio_in_enabled=True, audio_out_enabled=True)
        transport = LiveKitTransport(url, token, room, params)
        for event in SEEN:
            transport.add_event_handler(event, self._witness(room, event))

        def has_people() -> bool:
            return not all(one.startswith(BOTS) for one in transport.get_participants())

        await conversation.hold(transport, self._options, has_people)

    def _witness(self, room: str, event: str) -> Any:
        async def witness(_transport: LiveKitTransport, participant: str = "") -> None:
            self._seen[room].append({"event": event, "participant": participant})

        return witness
