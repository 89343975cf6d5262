"""Runs a web application and says on stdout when it listens."""

import socket
import sys

import uvicorn
from fastapi import FastAPI
from loguru import logger


def log_to_stderr(level: str) -> None:
    """Write log lines of `level` and above to stderr, and nothing to stdout."""
    logger.remove()
    logger.add(sys.stderr, level=level)


class AnnouncingServer(uvicorn.Server):
    """A server that prints `READY http://HOST:PORT` once it accepts connections."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then announce the address, with the port really taken."""
        await super().startup(sockets=sockets)
        if self.should_exit:
            return
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(f"READY http://{host}:{port}", flush=True)


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve `app` until a signal ends the process.

    Not on uvloop: it starts programs by `fork`, and a fork of a process with the threads of
    LiveKit's library can wait without end for a lock that one of them held.
    """
    config = uvicorn.Config(
        app, host=host, port=port, loop="asyncio", log_level="warning", access_log=False
    )
    AnnouncingServer(config).run()
