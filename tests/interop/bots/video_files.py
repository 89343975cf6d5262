"""Records moving pictures with numbers in them, and looks at encoded ones.

The files are IVF: a header of 32 bytes, then frames with a header of 12 bytes each. A picture's
number is a row of 16 bars, black or white, near its lower edge.
"""

import argparse
import json
import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

BITS = 16
NAMES = {b"VP80": ("libvpx", "vp8"), b"H264": ("libx264", "h264")}
OPTIONS = {
    b"VP80": {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"},
    b"H264": {"profile": "baseline", "preset": "ultrafast", "tune": "zerolatency"},
}


def _bars(width: int, height: int) -> Iterator[tuple[slice, slice]]:
    """Yield the places of the bars, the lowest bit first."""
    rows = slice(height - height // 12, height - height // 48)
    for bit in range(BITS):
        yield rows, slice(width * (bit + 2) // 20, width * (bit + 3) // 20)


def read_number(picture: np.ndarray) -> int:
    """Return the number in an RGB picture."""
    height, width = picture.shape[:2]
    whites = [picture[rows, columns].mean() > 128 for rows, columns in _bars(width, height)]
    return sum(1 << bit for bit, white in enumerate(whites) if white)


def _draw(number: int, width: int, height: int) -> np.ndarray:
    """Draw a moving pattern and the number."""
    y, x = np.mgrid[0:height, 0:width]
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[..., 0] = (x + 4 * number) % 256
    picture[..., 1] = (y + 2 * number) % 256
    picture[..., 2] = ((x + y) // 2) % 256
    for bit, place in enumerate(_bars(width, height)):
        picture[place] = 235 if number >> bit & 1 else 16
    return picture


def record(path: Path, options: argparse.Namespace) -> None:
    """Record a file, with a key frame at every `options.gop`."""
    fourcc = options.codec.encode()
    width, height, fps = options.width, options.height, options.fps
    codec = av.CodecContext.create(NAMES[fourcc][0], "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, fps), Fraction(fps)
    codec.bit_rate, codec.gop_size, codec.options = options.bitrate, options.gop, OPTIONS[fourcc]
    with path.open("wb") as file:
        file.write(struct.pack("<4sHH4sHHIII4x", b"DKIF", 0, 32, fourcc, width, height, fps, 1, 0))
        for number in range(options.frames):
            frame = av.VideoFrame.from_ndarray(_draw(number, width, height), format="rgb24")
            frame.pts = number
            for packet in codec.encode(frame):
                data = bytes(packet)
                file.write(struct.pack("<IQ", len(data), number) + data)


def look(path: Path) -> dict[str, list]:
    """Decode a file; say the number and size of each picture."""
    data = path.read_bytes()
    codec = av.CodecContext.create(NAMES[data[8:12]][1], "r")
    numbers, sizes, at = [], [], 32
    while at + 12 <= len(data):
        (size,) = struct.unpack_from("<I", data, at)
        for frame in codec.decode(av.Packet(data[at + 12 : at + 12 + size])):
            numbers.append(read_number(frame.to_ndarray(format="rgb24")))
            sizes.append([frame.width, frame.height])
        at += 12 + size
    return {"numbers": numbers, "sizes": sizes}


def main() -> None:
    """Record a file or look at one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["record", "look"])
    parser.add_argument("path", type=Path)
    parser.add_argument("--codec", default="VP80", choices=["VP80", "H264"])
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--fps", type=int, default=24)
    parser.add_argument("--frames", type=int, default=240)
    parser.add_argument("--gop", type=int, default=12)
    parser.add_argument("--bitrate", type=int, default=500_000)
    options = parser.parse_args()
    if options.what == "record":
        record(options.path, options)
    else:
        print(json.dumps(look(options.path)))


if __name__ == "__main__":
    main()
