"""The app's own messages: what a client may ask of the bot besides talking.

Each `client-message` type is one method of `AppMessages`. The README beside this
folder lists them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    LLMMessagesAppendFrame,
    TTSSpeakFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.processors.frameworks.rtvi.frames import (
    RTVIClientMessageFrame,
    RTVIConfigureObserverFrame,
    RTVIServerMessageFrame,
    RTVIServerResponseFrame,
    RTVIUICommandFrame,
    RTVIUIEventFrame,
    RTVIUISnapshotFrame,
)
from pipecat.processors.frameworks.rtvi.observer import RTVIFunctionCallReportLevel
from pipecat.turns.user_mute import BaseUserMuteStrategy

LANGUAGE = "en-US"


class MuteOnRequest(BaseUserMuteStrategy):
    """Mutes the user while `muted` is set, which the client's `mute` message does."""

    muted = False

    async def process_frame(self, frame: Frame) -> bool:
        """Say whether the user is muted now."""
        return self.muted


class AppMessages(FrameProcessor):
    """Answers the app's messages and reports UI messages back to the client."""

    def __init__(self, mute: MuteOnRequest) -> None:
        """Take the switch that the `mute` message sets."""
        super().__init__()
        self._mute = mute
        self._actions: dict[str, Callable[[RTVIClientMessageFrame], Awaitable[None]]] = {
            "get-language": self._get_language,
            "echo": self._echo,
            "null": self._null,
            "fill": self._fill,
            "slow": self._slow,
            "never": self._never,
            "server-message": self._server_message,
            "error": self._error,
            "fatal": self._fatal,
            "append": self._append,
            "say": self._say,
            "mute": self._set_mute,
            "function-detail": self._function_detail,
            "ui-command": self._ui_command,
            "odd-answer": self._odd_answer,
            "half-emoji": self._half_emoji,
            "stand-still": self._stand_still,
        }

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Act on the app's messages; pass every frame on."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if direction is not FrameDirection.DOWNSTREAM:
            return
        if isinstance(frame, RTVIClientMessageFrame):
            # A task, so that a slow answer does not hold up the pipeline.
            self.create_task(self._act(frame))
        elif isinstance(frame, RTVIUIEventFrame):
            event = {"event": frame.event, "payload": frame.payload}
            await self._report("ui-event", event)
        elif isinstance(frame, RTVIUISnapshotFrame):
            await self._report("ui-snapshot", frame.tree.model_dump(exclude_none=True))

    async def _act(self, message: RTVIClientMessageFrame) -> None:
        """Do what one message asks; a wrong one gets an error response."""
        action = self._actions.get(message.type)
        if action is None:
            await self._refuse(message, f"unknown request '{message.type}'")
            return
        try:
            await action(message)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            await self._refuse(message, f"bad data for '{message.type}': {error}")

    async def _reply(self, message: RTVIClientMessageFrame, data: object) -> None:
        await self.push_frame(RTVIServerResponseFrame(client_msg=message, data=data))

    async def _refuse(self, message: RTVIClientMessageFrame, error: str) -> None:
        await self.push_frame(RTVIServerResponseFrame(client_msg=message, error=error))

    async def _report(self, kind: str, data: object) -> None:
        await self.push_frame(RTVIServerMessageFrame(data={"received": kind, "data": data}))

    async def _get_language(self, message: RTVIClientMessageFrame) -> None:
        await self._reply(message, {"language": LANGUAGE})

    async def _echo(self, message: RTVIClientMessageFrame) -> None:
        await self._reply(message, message.data)

    async def _null(self, message: RTVIClientMessageFrame) -> None:
        await self._reply(message, None)

    async def _fill(self, message: RTVIClientMessageFrame) -> None:
        """Answer with a text of so many letters: a message of any size."""
        await self._reply(message, {"text": "x" * int(message.data["letters"])})

    async def _slow(self, message: RTVIClientMessageFrame) -> None:
        seconds = float(message.data["seconds"])
        await asyncio.sleep(seconds)
        await self._reply(message, {"seconds": seconds})

    async def _never(self, message: RTVIClientMessageFrame) -> None:
        """Leave the request without an answer."""

    async def _server_message(self, message: RTVIClientMessageFrame) -> None:
        await self.push_frame(RTVIServerMessageFrame(data=message.data))

    async def _error(self, message: RTVIClientMessageFrame) -> None:
        await self.push_error(str(message.data["message"]))

    async def _fatal(self, message: RTVIClientMessageFrame) -> None:
        await self.push_error_frame(ErrorFrame(error=str(message.data["message"]), fatal=True))

    async def _append(self, message: RTVIClientMessageFrame) -> None:
        entry = {"role": message.data["role"], "content": message.data["content"]}
        run = bool(message.data.get("run", True))
        await self.push_frame(LLMMessagesAppendFrame(messages=[entry], run_llm=run))

    async def _say(self, message: RTVIClientMessageFrame) -> None:
        await self.push_frame(TTSSpeakFrame(str(message.data["text"])))

    async def _set_mute(self, message: RTVIClientMessageFrame) -> None:
        self._mute.muted = bool(message.data["muted"])
        await self._reply(message, {"muted": self._mute.muted})

    async def _function_detail(self, message: RTVIClientMessageFrame) -> None:
        level = RTVIFunctionCallReportLevel(message.data["level"])
        await self.push_frame(RTVIConfigureObserverFrame(function_call_report_level={"*": level}))
        await self._reply(message, {"level": level.value})

    async def _ui_command(self, message: RTVIClientMessageFrame) -> None:
        command = RTVIUICommandFrame(
            command=str(message.data["command"]), payload=message.data.get("payload")
        )
        await self.push_frame(command)

    async def _odd_answer(self, message: RTVIClientMessageFrame) -> None:
        """Answer with numbers that JSON does not have, which Python writes all the same."""
        numbers = [float("nan"), float("inf"), -float("inf"), 2**70, 10**400]
        await self._reply(message, {"numbers": numbers, "text": "half \ud83d", "whole": 1})

    async def _half_emoji(self, message: RTVIClientMessageFrame) -> None:
        """Send half a character, as a text has that was cut between its two halves."""
        await self.push_frame(RTVIServerMessageFrame(data={"text": "half \ud83d"}))

    async def _stand_still(self, message: RTVIClientMessageFrame) -> None:
        """Block the event loop, as a bot does that computes in it."""
        await self._reply(message, {"stands": "still"})
        await asyncio.sleep(0.2)
        time.sleep(float(message.data["seconds"]))  # noqa: ASYNC251
