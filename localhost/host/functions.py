"""The functions of an app as the host sees them: a name, the user's function, its bindings."""

import inspect
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localhost.host.binding_texts import BindingError, resolve

log = logging.getLogger("localhost.host")

Binding = dict[str, Any]

_TRIGGERS = {
    "httpTrigger",
    "blobTrigger",
    "timerTrigger",
    "warmupTrigger",
    "serviceBusTrigger",
    "orchestrationTrigger",
    "activityTrigger",
}
_RESOLVED = ("path", "schedule", "route", "connection", "queueName")


@dataclass(frozen=True)
class Function:
    """One function that the host can run."""

    name: str
    call: Callable[..., Any]
    is_async: bool
    takes_context: bool
    trigger: Binding
    inputs: tuple[Binding, ...]
    returns_http: bool

    @property
    def kind(self) -> str:
        """Type of the trigger."""
        return str(self.trigger["type"])


@dataclass(frozen=True)
class FunctionTable:
    """All functions that can run, and a sentence for each that cannot."""

    functions: tuple[Function, ...]
    refused: tuple[tuple[str, str], ...] = ()

    def of(self, kind: str) -> list[Function]:
        """Return the functions with this type of trigger."""
        return [function for function in self.functions if function.kind == kind]

    def orchestrators(self) -> dict[str, tuple[str, Function]]:
        """Return the orchestrators by their casefolded names, each with its name as it is written."""
        return _by_name(self.of("orchestrationTrigger"), "orchestration")

    def activities(self) -> dict[str, tuple[str, Function]]:
        """Return the activities in the same way."""
        return _by_name(self.of("activityTrigger"), "activity")


def _by_name(functions: list[Function], key: str) -> dict[str, tuple[str, Function]]:
    named = [(function.trigger.get(key) or function.name, function) for function in functions]
    return {name.casefold(): (name, function) for name, function in named}


def read_functions(indexed: Sequence[Any], environ: Mapping[str, str]) -> FunctionTable:
    """Check what `app.get_functions()` returned; functions that cannot run are listed with the reason."""
    functions: list[Function] = []
    refused: list[tuple[str, str]] = []
    for item in indexed:
        name = item.get_function_name()
        if environ.get(f"AzureWebJobs.{name}.Disabled", "").casefold() in ("true", "1"):
            continue
        try:
            functions.append(_read(name, item, environ))
        except BindingError as error:
            refused.append((name, str(error)))
    return FunctionTable(tuple(functions), tuple(refused))


def _read(name: str, item: Any, environ: Mapping[str, str]) -> Function:
    bindings: list[Binding] = [json.loads(text) for text in item.get_raw_bindings()]
    trigger = next(binding for binding in bindings if binding["type"].endswith("Trigger"))
    others = [binding for binding in bindings if binding is not trigger]
    _check_types(trigger, others)
    for key in _RESOLVED:
        if isinstance(trigger.get(key), str):
            trigger[key] = resolve(trigger[key], environ)
    if item.get_settings_dict("retry_policy"):
        log.warning("Function %s: its retry policy is not heeded by the local host.", name)
    call = item.get_user_function()
    inputs = tuple(binding for binding in others if binding["type"] == "durableClient")
    parameters = set(inspect.signature(call).parameters)
    names = {trigger["name"], *(binding["name"] for binding in inputs)}
    _check_parameters(parameters - ({"context"} - names), names)
    return Function(
        name=name,
        call=call,
        is_async=inspect.iscoroutinefunction(call),
        takes_context="context" in parameters and "context" not in names,
        trigger=trigger,
        inputs=inputs,
        returns_http=any(binding["type"] == "http" for binding in others),
    )


def _check_types(trigger: Binding, others: list[Binding]) -> None:
    kind = trigger["type"]
    if kind not in _TRIGGERS:
        raise BindingError(f"The trigger '{kind}' is not available on the local host.")
    for binding in others:
        if binding["type"] not in ("http", "durableClient"):
            raise BindingError(f"The binding '{binding['type']}' is not available on the local host.")
    if kind == "blobTrigger" and trigger.get("source") == "EventGrid":
        raise BindingError(
            "Azurite has no Event Grid: set BLOB_TRIGGER_SOURCE=LogsAndContainerScan for the blob trigger."
        )


def _check_parameters(parameters: set[str], names: set[str]) -> None:
    if unknown := sorted(parameters - names):
        raise BindingError(f"the following parameters are declared in Python but not as bindings: {unknown}")
    if missing := sorted(names - parameters):
        raise BindingError(f"the following bindings have no parameter in Python: {missing}")
