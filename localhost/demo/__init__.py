"""The demo: a client of the running app's HTTP API, from files to a theory whose every quote is looked up again."""

from localhost.demo.command import main

__all__ = ["main"]
