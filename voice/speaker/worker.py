"""The child process that holds the one pyttsx3 engine. Started by `PyttsxSpeaker`."""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from typing import Any, BinaryIO

from core.errors import MingluError
from voice.speaker import driver
from voice.speaker.wire import Kind, packed


class Worker:
    """Speaks one request after another; a stop for a request ends it within one buffer."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO) -> None:
        self._requests = requests
        self._replies = replies
        self._waiting: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._stopped_until = 0
        """Every request up to this number is to be silent."""
        self._number = 0

    def run(self) -> None:
        """Until the parent closes the pipe."""
        driver.register(self._send_pcm)
        import pyttsx3

        engine = pyttsx3.init("pcm")
        problems: list[str] = []
        engine.connect("error", lambda name, exception: problems.append(str(exception)))
        self._send(Kind.READY, str(driver.PcmDriver.rate).encode())
        threading.Thread(target=self._read, daemon=True).start()
        while (request := self._waiting.get()) is not None:
            self._number = request["id"]
            problems.clear()
            if self._number > self._stopped_until:
                for name in ("voice", "rate", "volume", "pitch", "gap"):
                    engine.setProperty(name, request[name])
                engine.say(request["text"], str(self._number))
                engine.runAndWait()
            if problems:
                self._send(Kind.FAILED, problems[0].encode())
            else:
                self._send(Kind.DONE)

    def _read(self) -> None:
        for line in self._requests:
            message = json.loads(line)
            if "stop" in message:
                self._stopped_until = max(self._stopped_until, message["stop"])
            else:
                self._waiting.put(message)
        self._waiting.put(None)

    def _send_pcm(self, pcm: bytes) -> bool:
        if self._number <= self._stopped_until:
            return False
        self._send(Kind.PCM, pcm)
        return True

    def _send(self, kind: Kind, payload: bytes = b"") -> None:
        self._replies.write(packed(kind, self._number, payload))
        self._replies.flush()


def main() -> None:
    # A library that prints must not speak into the protocol.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        Worker(sys.stdin.buffer, replies).run()
    except MingluError as error:
        replies.write(packed(Kind.FAILED, 0, str(error).encode()))
        replies.flush()
    except BrokenPipeError:
        # The parent is gone; nobody is left to hear.
        os._exit(0)


if __name__ == "__main__":
    main()
