"""Input besides speech: the keys of a telephone and files."""

from pipecat.frames.frames import (
    Frame,
    InputDTMFFrame,
    TTSSpeakFrame,
    UserFileRawFrame,
    UserImageRawFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.processors.frameworks.rtvi.frames import RTVIServerMessageFrame

END_KEY = "#"
"""Key that ends a number."""


class KeypadReader(FrameProcessor):
    """Collects pressed keys and reads them out when the end key comes."""

    def __init__(self) -> None:
        """Start without any key pressed."""
        super().__init__()
        self._keys: list[str] = []

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take note of keys; pass every frame on."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, InputDTMFFrame):
            await self._press(frame.button.value)

    async def _press(self, key: str) -> None:
        if key != END_KEY:
            self._keys.append(key)
            return
        typed, self._keys = " ".join(self._keys), []
        await self.push_frame(TTSSpeakFrame(f"You typed {typed}."))


class FileReporter(FrameProcessor):
    """Tells the client of each file what arrived, with a server message."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Report files; pass every frame on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, UserImageRawFrame):
            await self._report(
                {
                    "kind": "image",
                    "format": frame.format,
                    "bytes": len(frame.image),
                    "size": list(frame.size),
                    "text": frame.text,
                }
            )
        elif isinstance(frame, UserFileRawFrame):
            await self._report(
                {
                    "kind": "file",
                    "format": frame.format,
                    "name": frame.filename,
                    "source": frame.type,
                    "characters": len(frame.file or ""),
                    "text": frame.text,
                    "options": frame.custom_options,
                }
            )
        await self.push_frame(frame, direction)

    async def _report(self, file: dict[str, object]) -> None:
        await self.push_frame(RTVIServerMessageFrame(data={"received": "file", "data": file}))
