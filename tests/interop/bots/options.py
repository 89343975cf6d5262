"""Options of a bot: from the command line, or from a connection's own query."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

FUNCTION_DETAILS = ("disabled", "none", "name", "arguments", "full")
"""How much of a function call the client is told, by Pipecat's own names."""


@dataclass(frozen=True)
class BotOptions:
    """How one bot behaves.

    Attributes:
        everything: Send also what Pipecat leaves off by default: voice activity,
            audio levels, raw texts, markers and system logs.
        word_times: Report spoken progress word by word.
        function_detail: One of `FUNCTION_DETAILS`.
        start_delay: Seconds from a connection to the conversation, as for a bot that has to
            load its models first.
        only_repeat: Answer everything by repeating it, as over a network so bad that speech may
            be taken for a sentence with another answer.
        new_source: Seconds from a WebRTC connection until its audio comes from another source
            (SSRC), as behind a media server that changes over; 0 for never.
        echo: Send the user's audio back, and answer nothing.
    """

    everything: bool = False
    word_times: bool = True
    function_detail: str = "full"
    start_delay: float = 0.0
    only_repeat: bool = False
    new_source: float = 0.0
    echo: bool = False

    def with_query(self, query: Mapping[str, Any]) -> "BotOptions":
        """Return these options changed by a connection's query or a start request's body.

        Raises:
            ValueError: An option has a value that it can't have.
        """
        changes: dict[str, Any] = {}
        for name, key in (("everything", "everything"), ("word_times", "words")):
            if key in query:
                changes[name] = str(query[key]).lower() in ("1", "true")
        if "function-detail" in query:
            changes["function_detail"] = str(query["function-detail"])
            if changes["function_detail"] not in FUNCTION_DETAILS:
                raise ValueError(f"function-detail must be one of {', '.join(FUNCTION_DETAILS)}")
        return replace(self, **changes)


@dataclass(frozen=True)
class ServerOptions:
    """Where a bot server listens and whom it lets in."""

    host: str
    port: int
    auth: bool
    log_level: str
    ciphers: str | None
    bot: BotOptions


def parse(arguments: Sequence[str] | None = None) -> ServerOptions:
    """Read the command line; exits with 2 on wrong usage, as argparse does."""
    parser = argparse.ArgumentParser(description="A Pipecat bot without cloud services.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--auth", action="store_true", help="require the token that /start gives")
    parser.add_argument("--log-level", default="WARNING", help="lowest level written to stderr")
    parser.add_argument("--everything", action="store_true", help="send every kind of message")
    parser.add_argument("--no-word-times", action="store_true", help="no word by word progress")
    parser.add_argument("--function-detail", choices=FUNCTION_DETAILS, default="full")
    parser.add_argument("--start-delay", type=float, default=0.0, help="seconds until it is ready")
    parser.add_argument("--only-repeat", action="store_true", help="repeat what was said")
    parser.add_argument("--new-source", type=float, default=0.0, help="seconds until the SSRC changes")
    parser.add_argument("--echo", action="store_true", help="send the user's audio back")
    parser.add_argument("--ciphers", help="the only ciphers for DTLS, as OpenSSL names them")
    found = parser.parse_args(arguments)
    bot = BotOptions(
        everything=found.everything,
        word_times=not found.no_word_times,
        function_detail=found.function_detail,
        start_delay=found.start_delay,
        only_repeat=found.only_repeat,
        new_source=found.new_source,
        echo=found.echo,
    )
    level = found.log_level.upper()
    return ServerOptions(found.host, found.port, found.auth, level, found.ciphers, bot)
