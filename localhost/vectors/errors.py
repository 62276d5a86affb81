"""Answers that say no, in the shape of Qdrant's."""


class VectorError(Exception):
    """A refused request: HTTP status and the sentence for the client."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def wrong(message: str) -> VectorError:
    """The request makes no sense."""
    return VectorError(400, f"Wrong input: {message}")


def unsupported(what: str) -> VectorError:
    """Qdrant can do it, this server does not: said rather than ignored, so that no answer is wrong."""
    return VectorError(501, f"Not supported by the local vector server: {what}")


def no_collection(name: str) -> VectorError:
    """Qdrant's words for a missing collection."""
    return VectorError(404, f"Not found: Collection `{name}` doesn't exist!")
