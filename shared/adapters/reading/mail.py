"""E-mail messages (.eml): headers and text body; attachments are members, to be taken out on their own."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from html.parser import HTMLParser

from shared.adapters.reading.encoding import decode
from shared.adapters.reading.source import NativeText, tidy
from shared.domain.errors import Damaged, EmptyFile, Rejected

MAIL = "message/rfc822"
SHOWN = ("Subject", "From", "To", "Cc", "Date")
DEEPEST = 20

SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})

_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,40}):", re.MULTILINE)
_TECHNICAL = frozenset({"message-id", "mime-version", "received", "return-path"})
_KNOWN = _TECHNICAL | {"from", "to", "cc", "subject", "date", "sender", "reply-to"}


def looks_like_mail(text: str, named_eml: bool) -> bool:
    """Whether a text begins as a message does. Without the name .eml a header that only machines write is needed."""
    top = re.split(r"\r?\n\r?\n", text.lstrip("\ufeff")[:8192].lstrip(), maxsplit=1)[0]
    if not _HEADER.match(top):
        return False
    found = {name.lower() for name in _HEADER.findall(top)} & _KNOWN
    return bool(found) if named_eml else len(found) >= 3 and bool(found & _TECHNICAL)


def open_mail(data: bytes) -> NativeText:
    """One page: subject, sender, recipients, date, and the text; inner messages follow in the same way."""
    whole, attachments = _taken_apart(data)
    if not whole.strip() and not attachments:
        raise EmptyFile("The e-mail holds no text.")
    return NativeText([tidy(whole)])


def attachments_of(data: bytes) -> list[tuple[str, Message]]:
    """The attachments' names and parts, those of inner messages too. Raises Damaged."""
    parts = _taken_apart(data)[1]
    return [(_attachment_name(part), part) for part in parts]


def content_of(part: Message) -> bytes:
    """An attachment's bytes."""
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def _taken_apart(data: bytes) -> tuple[str, list[Message]]:
    text, encoding = decode(data)
    raw = data if encoding == "utf-8" or not encoding.startswith("utf") else text.encode("utf-8", "replace")
    attachments: list[Message] = []
    try:
        return _message(message_from_bytes(raw.lstrip()), attachments, 0), attachments
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise Damaged("The e-mail is damaged and cannot be taken apart. Export it again and upload it.") from error


def _attachment_name(part: Message) -> str:
    """The file's name, whether it is encoded as parameters (RFC 2231) or as words (RFC 2047); else its type."""
    name = part.get_filename()
    if not name:
        return part.get_content_type().replace("/", ".")
    plain = collapse_rfc2231_value(name)
    try:
        return str(make_header(decode_header(plain)))
    except (MessageError, ValueError, LookupError):
        return plain


def _message(message: Message, attachments: list[Message], depth: int) -> str:
    headers = [f"{name}: {value}" for name in SHOWN if (value := _header(message, name))]
    body = _body(message, attachments, depth).strip()
    return "\n".join(headers) + ("\n\n" if headers and body else "") + body


def _body(part: Message, attachments: list[Message], depth: int) -> str:
    """The text of a part: of alternatives the plain one, of several parts each in turn."""
    if depth > DEEPEST:
        raise ValueError("parts within parts")
    if _is_attachment(part):
        if part.get_content_type() not in SIGNATURES:
            attachments.append(part)
        return ""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _text(part)
    inner = [p for p in payload if isinstance(p, Message)]
    if part.get_content_type() == "message/rfc822":
        return "\n\n".join(_message(p, attachments, depth + 1) for p in inner)
    if part.get_content_type() == "multipart/alternative":
        plain = [p for p in inner if p.get_content_type() == "text/plain"]
        inner = plain[:1] or inner[-1:]
    texts = [_body(p, attachments, depth + 1).strip() for p in inner]
    return "\n\n".join(text for text in texts if text)


def _is_attachment(part: Message) -> bool:
    if part.get_content_type() == "message/rfc822" or part.is_multipart():
        return False
    return "attachment" in str(part.get("Content-Disposition", "")).lower() or part.get_content_maintype() != "text"


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    if not data.strip():
        return ""
    text = _decoded(data, part.get_content_charset())
    return without_markup(text) if part.get_content_type() == "text/html" else text


def _decoded(data: bytes, charset: str | None) -> str:
    """By the charset that the part names when that works, else by what the bytes look like."""
    try:
        return data.decode(charset or "utf-8")
    except (UnicodeDecodeError, LookupError, ValueError):
        try:
            return decode(data)[0]
        except Rejected:
            return data.decode("utf-8", "replace")


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (MessageError, ValueError, LookupError):
        text = str(value)
    return " ".join(text.split())


class _Words(HTMLParser):
    """Collects what a browser would show, a line for each block."""

    HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
    BLOCKS = HEADINGS | {"p", "div", "br", "tr", "li", "ul", "ol", "table", "blockquote", "hr", "section", "article"}
    HIDDEN = frozenset({"script", "style", "head", "title", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; what is hidden is passed over."""
        self._hidden += tag in self.HIDDEN
        self.parts.append("\n" if tag in self.BLOCKS else " " if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        """A block ends a line."""
        self._hidden = max(self._hidden - (tag in self.HIDDEN), 0)
        if tag in self.BLOCKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """White space, line ends too, is one space in HTML."""
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def without_markup(html: str) -> str:
    """What a browser would show of the page, as lines."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in "".join(words.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
