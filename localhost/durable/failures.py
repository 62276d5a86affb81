"""The texts of failures, as the extension stores them: user code in production matches on them."""

import re
import traceback

from localhost.durable.protocol import compact

_SECRETS = re.compile(r"(?i)(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd|sig)=[^;&\s\"']+")
_RPC_EXCEPTION = "Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException, Microsoft.Azure.WebJobs.Script"


class AbortedError(Exception):
    """A function was stopped before it had an answer; an orchestrator is asked again."""


class WorkerLostError(AbortedError):
    """The process that ran a function has ended: an activity is run again, too."""


class FunctionTimeoutError(AbortedError):
    """A function ran longer than functionTimeout allows."""


class ActivityError(Exception):
    """What an activity raised in another process, with reason and details as they were worded there."""

    def __init__(self, reason: str, details: str) -> None:
        super().__init__(reason)
        self.reason, self.details = reason, details


def mask_secrets(text: str) -> str:
    """Hide keys, passwords and signatures."""
    return _SECRETS.sub(lambda match: f"{match[1]}=[Hidden Credential]", text)


def describe(error: BaseException) -> str:
    """Return type and message of an exception as the worker words them."""
    return mask_secrets(f"{type(error).__name__}: {error}")


def activity_failure(name: str, error: BaseException) -> tuple[str, str]:
    """Return reason and details of a failed activity; the reason has two blanks after the colon."""
    if isinstance(error, ActivityError):
        return error.reason, error.details
    if isinstance(error, FunctionTimeoutError):
        return f"Activity function '{name}' failed: {error}", ""
    text = describe(error)
    stack = mask_secrets("".join(traceback.format_exception(error)))
    inner = {
        "$type": _RPC_EXCEPTION,
        "IsUserException": False,
        "RemoteStackTrace": stack,
        "RemoteMessage": text,
        "RemoteTypeName": "",
        "Message": f"Result: Failure\nType: \nException: {text}\nStack: {stack}",
        "HResult": -2146233088,
    }
    details = {
        "$type": "System.Exception, System.Private.CoreLib",
        "ClassName": "System.Exception",
        "Message": f" {text}",
        "Data": None,
        "InnerException": inner,
        "HelpURL": None,
        "StackTraceString": None,
        "HResult": -2146233088,
    }
    return f"Activity function '{name}' failed:  {text}", compact(details)


def missing_activity(name: str) -> str:
    """Return the reason when an activity in flight is no longer in the app."""
    return f"Activity function '{name}' failed: Activity function '{name}' does not exist."


def missing_orchestrator(name: str, known: list[str]) -> str:
    """Return the output of an instance whose orchestrator is not in the app."""
    names = ", ".join(f"'{item}'" for item in sorted(known))
    return (
        f"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function. "
        f"Additional info: The following are the known orchestrator functions: {names}."
    )
