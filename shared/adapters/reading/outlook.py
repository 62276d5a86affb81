"""Outlook messages (.msg): headers and text like any e-mail; attachments are members."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.adapters.reading.mail import without_markup
from shared.adapters.reading.source import NativeText, tidy
from shared.domain.errors import Damaged, EmptyFile, TheoGenError

OUTLOOK = "application/vnd.ms-outlook"
SHOWN = ("To", "Cc", "Date")


def open_outlook(data: bytes) -> NativeText:
    """One page: subject, sender, recipients, date, and the text. Raises Damaged and EmptyFile."""
    with _our_errors():
        message = _load(data)
        headers = [("Subject", message.subject), ("From", message.sender or ""), *_headers(message)]
        shown = [f"{name}: {' '.join(value.split())}" for name, value in headers if value and value.strip()]
        body = (message.body or without_markup(message.html_body or "")).rstrip("\0").strip()
        if not shown and not body and not message.attachments:
            raise EmptyFile("The e-mail holds no text.")
    return NativeText([tidy("\n".join(shown) + ("\n\n" if shown and body else "") + body)])


def attachments_of_outlook(data: bytes) -> list[tuple[str, Any]]:
    """The attachments' names, and the library's handles for them. Raises Damaged."""
    with _our_errors():
        return [(one.file_name or f"attachment-{at}", one) for at, one in enumerate(_load(data).attachments, 1)]


def content_of_outlook(attachment: Any) -> bytes:
    """An attachment's bytes. Raises Damaged, also for what is only linked to, or a message within the message."""
    with _our_errors():
        content = attachment.file_bytes
    if content is None:
        raise Damaged("The attachment is a link or a message that cannot be taken out. Save it as a file of its own.")
    return bytes(content)


def _load(data: bytes) -> Any:
    from oxmsg import Message

    return Message.load(data)


def _headers(message: Any) -> Iterator[tuple[str, str]]:
    """Recipients and date as the message travelled; else as Outlook keeps them."""
    travelled = {name.lower(): value for name, value in message.message_headers.items()}
    for name in SHOWN:
        if value := travelled.get(name.lower()):
            yield name, value
    if "to" not in travelled:
        yield "To", ", ".join(filter(None, (one.email_address or one.name for one in message.recipients)))
    if "date" not in travelled and message.sent_date:
        yield "Date", message.sent_date.isoformat(timespec="seconds")


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except TheoGenError:
        raise
    except Exception as error:  # the library raises whatever it stumbles over
        raise Damaged("The e-mail is damaged and cannot be taken apart. Save it again and upload it.") from error
