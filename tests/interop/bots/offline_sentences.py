"""A sentence splitter in place of NLTK's, whose data Pipecat 0.0.99 would download.

Import this module before anything of Pipecat 0.0.99, so that it makes no network
request. It touches nothing of RTVI.
"""

import re

import nltk.tokenize

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def split_sentences(text: str, language: str = "english") -> list[str]:
    """Split English `text` after a full stop, an exclamation or a question mark."""
    return [sentence for sentence in SENTENCE_END.split(text) if sentence]


def no_download(*_arguments: object, **_options: object) -> bool:
    """Download nothing, and say so."""
    return False


nltk.tokenize.sent_tokenize = split_sentences
nltk.download = no_download
