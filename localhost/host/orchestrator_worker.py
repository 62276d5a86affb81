"""`python -m localhost.host.orchestrator_worker`: runs the app's orchestrators for a host, one document at a time.

It speaks over its standard input, which is a socket: frames of a number and a text (`frames.py`), a question being an
orchestrator's name, a line break and its document, an answer being `+` and what the orchestrator returned or `-` and
what it raised. It ends when the host closes the stream, however the host ended.
"""

import socket
import sys
from pathlib import Path
from typing import IO

from azure.functions import meta

from localhost.host import sdk_timestamps, worker
from localhost.host.frames import HEAD, HELLO, RAISED, RETURNED, frame, text_of
from localhost.host.functions import Function
from localhost.host.invoker import Invoker


def main(app: str, binding: str, level: str) -> None:
    """Answer until the stream ends."""
    with worker.connect(level) as stream:
        sdk_timestamps.install()
        orchestrators = worker.read_table(Path(app)).orchestrators()
        stream.sendall(frame(HELLO, RETURNED))
        _serve(stream.makefile("rb"), stream, orchestrators, Invoker(1, None, app, binding))


def _serve(
    questions: IO[bytes], answers: socket.socket, orchestrators: dict[str, tuple[str, Function]], invoker: Invoker
) -> None:
    while head := questions.read(HEAD.size):
        length, number = HEAD.unpack(head)
        name, document = text_of(questions.read(length)).split("\n", 1)
        function = orchestrators[name.casefold()][1]
        try:
            answer = RETURNED + str(function.call(**invoker.arguments(function, meta.Datum(document, "string"))))
        except Exception as error:
            answer = RAISED + str(error)
        answers.sendall(frame(number, answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
