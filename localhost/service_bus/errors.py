"""What goes wrong, by what happens next.

CodecError        these bytes are no AMQP value: whoever read them decides
ProtocolError     the connection is closed, with this condition
Refusal           the request, message or link is refused, with this condition; the connection lives on
DeclarationError  the broker does not start
"""

from localhost.service_bus.types import Described, Symbol

DECODE_ERROR = "amqp:decode-error"
FRAMING_ERROR = "amqp:connection:framing-error"
INTERNAL_ERROR = "amqp:internal-error"
INVALID_FIELD = "amqp:invalid-field"
NOT_ALLOWED = "amqp:not-allowed"
NOT_FOUND = "amqp:not-found"
NOT_IMPLEMENTED = "amqp:not-implemented"
LIMIT_EXCEEDED = "amqp:resource-limit-exceeded"
UNATTACHED_HANDLE = "amqp:session:unattached-handle"
TOO_LARGE = "amqp:link:message-size-exceeded"
MESSAGE_NOT_FOUND = "com.microsoft:message-not-found"
LOCK_LOST = "com.microsoft:message-lock-lost"
BAD_ARGUMENT = "com.microsoft:argument-error"

_STATUS = {NOT_FOUND: 404, MESSAGE_NOT_FOUND: 404, LOCK_LOST: 410, NOT_IMPLEMENTED: 501, NOT_ALLOWED: 403}


class CodecError(ValueError):
    """The bytes are not a well-formed AMQP value, or one beyond the limits."""


class ConditionError(Exception):
    """Has an AMQP error condition and a sentence for people."""

    def __init__(self, condition: str, description: str) -> None:
        super().__init__(description)
        self.condition = condition
        self.description = description

    @property
    def status(self) -> int:
        """The same as an HTTP status, which management replies carry."""
        return _STATUS.get(self.condition, 400)

    def described(self) -> Described:
        """On the wire. All three fields: the SDK waits for ever on an error that has two."""
        return Described(0x1D, [Symbol(self.condition), self.description, None])


class ProtocolError(ConditionError):
    """The peer broke the protocol, so its connection is closed."""


class Refusal(ConditionError):
    """What was asked for is refused."""


class DeclarationError(Exception):
    """The queues are not declared properly."""


def lock_lost() -> Refusal:
    """The refusal of a token whose lock is no more."""
    return Refusal(
        LOCK_LOST,
        "The lock supplied is invalid. Either the lock expired, or the message has already been removed from "
        "the queue.",
    )
