"""Speech recognition with pocketsphinx, without any Pipecat type in it.

The acoustic model and the dictionary ship in the pocketsphinx package. A grammar
of the sentences that the tests say keeps the result the same on every machine:
with the package's general language model, synthetic speech is hardly understood.
"""

from pocketsphinx import Decoder

SAMPLE_RATE = 16000
"""Rate, in Hz, of the 16-bit mono samples that the model expects."""

BEAM = 1e-100
"""How improbable a guess is kept; the model's own, narrower one loses last words."""

SENTENCES = (
    "what is the weather in paris",
    "what is the weather in london",
    "how much battery is left",
    "count to twenty please",
    "look up the train to london",
    "hello can you hear me",
    "stop that is enough",
    "tell me about the garden",
    "thank you and goodbye",
)
"""All that the bots understand; speech that is none of them is taken for the nearest."""


class Recognizer:
    """Turns one utterance at a time into text. Not thread-safe; blocks while it works."""

    def __init__(self) -> None:
        """Load the model, which takes some 0.2 s."""
        grammar = "#JSGF V1.0; grammar bot; public <sentence> = " + " | ".join(SENTENCES) + ";"
        self._decoder = Decoder(
            samprate=SAMPLE_RATE,
            lm=None,
            loglevel="FATAL",
            beam=BEAM,
            pbeam=BEAM,
            wbeam=BEAM,
            bestpath=False,
        )
        self._decoder.add_jsgf_string("bot", grammar)
        self._decoder.activate_search("bot")

    def recognize(self, pcm: bytes) -> str:
        """Return the sentence in `pcm`, or an empty string when there is none."""
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, False, True)
        self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        return hypothesis.hypstr if hypothesis else ""
