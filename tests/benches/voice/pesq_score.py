"""Prints the wide-band PESQ of two files of 16-bit PCM at 16 kHz: what was said, and what was heard."""

import sys

import numpy
from pesq import pesq

said, heard = (numpy.fromfile(path, dtype="<i2") for path in sys.argv[1:3])
print(pesq(16_000, said, heard, "wb"))
