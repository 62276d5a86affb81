"""`python -m localhost COMMAND`: TheoGen on one machine."""

import importlib
import sys

# Command: module, function, what it does. Imported only when asked for: `--help` and `env` are to be quick.
COMMANDS = {
    "up": ("localhost.stack.commands", "up", "start everything and wait until it is ready"),
    "down": ("localhost.stack.commands", "down", "stop everything; the data stays"),
    "clean": ("localhost.stack.commands", "clean", "stop everything and remove data and logs"),
    "status": ("localhost.stack.commands", "status", "show what runs where"),
    "env": ("localhost.stack.commands", "env", "print the settings as KEY=value lines, or --json"),
    "verify": ("localhost.stack.commands", "verify", "check everything and say what to do about what fails"),
    "demo": ("localhost.demo", "main", "turn the sample interviews into a theory"),
    "instances": ("localhost.instances", "main", "look at orchestrations"),
}


def main(argv: list[str]) -> int:
    """Run one command; the exit code."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(_usage())
        return 0
    name, *rest = argv
    if name not in COMMANDS:
        print(f"There is no command {name!r}.\n\n{_usage()}", file=sys.stderr)
        return 2
    module, function, _ = COMMANDS[name]
    from localhost.stack.errors import StackError

    try:
        return int(getattr(importlib.import_module(module), function)(rest) or 0)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1


def _usage() -> str:
    lines = [f"  {name:<10} {about}" for name, (_, _, about) in COMMANDS.items()]
    return "\n".join(["usage: python -m localhost COMMAND", "", *lines])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
