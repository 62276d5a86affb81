"""What can go wrong in the demo, as sentences."""


class DemoError(Exception):
    """The demo cannot go on; the message says why and what to do."""


class Refused(DemoError):
    """The app understood the request and said no (4xx)."""
