"""Where a run is, on one line of a terminal; nothing elsewhere."""

import sys


class Progress:
    def __init__(self, stream=sys.stderr):
        self._stream = stream
        self._terminal = stream.isatty()

    def say(self, text):
        if self._terminal:
            print(f"\r\033[K{text}", end="", file=self._stream, flush=True)

    def done(self):
        if self._terminal:
            print("\r\033[K", end="", file=self._stream, flush=True)
