"""`python -m localhost.host.orchestrator_worker`: runs the app's orchestrators for a host, one document at a time.

It speaks over its standard streams: frames of a length and a text, a question being an orchestrator's name, a line
break and its document, an answer being `+` and what the orchestrator returned or `-` and what it raised. A first answer
without a question says that it is ready. It ends when the host closes the stream, however the host ended.
"""

import logging
import os
import signal
import sys
from pathlib import Path
from typing import IO

from azure.functions import meta

from localhost.host import sdk_timestamps
from localhost.host.frames import LENGTH, RAISED, RETURNED, frame, text_of
from localhost.host.functions import Function, read_functions
from localhost.host.invoker import Invoker
from localhost.host.loader import index_folder
from localhost.host.logs import configure_logging


def main(app: str, binding: str) -> None:
    """Answer until the stream ends."""
    # A signal to the whole group is the host's to answer; it closes the stream when it is done.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    configure_logging(verbose=False)
    questions = sys.stdin.buffer
    # What the app prints must not get between the frames.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        logging.getLogger("localhost").setLevel(logging.CRITICAL)  # the host has said all this about the app
        sdk_timestamps.install()
        table = read_functions(index_folder(Path(app)), os.environ)
        _serve(questions, answers, table.orchestrators(), Invoker(1, None, app, binding))


def _serve(
    questions: IO[bytes], answers: IO[bytes], orchestrators: dict[str, tuple[str, Function]], invoker: Invoker
) -> None:
    _answer(answers, RETURNED)  # ready
    while head := questions.read(LENGTH.size):
        name, document = text_of(questions.read(LENGTH.unpack(head)[0])).split("\n", 1)
        function = orchestrators[name.casefold()][1]
        try:
            answer = RETURNED + str(function.call(**invoker.arguments(function, meta.Datum(document, "string"))))
        except Exception as error:
            answer = RAISED + str(error)
        _answer(answers, answer)


def _answer(answers: IO[bytes], text: str) -> None:
    answers.write(frame(text))
    answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
