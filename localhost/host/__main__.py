"""`python -m localhost.host --app DIR --data DIR` runs a function app on this machine."""

import argparse
import asyncio
import json
import logging
import os
import signal
from collections.abc import Mapping
from pathlib import Path

import uvloop

from localhost.durable.database import Database, DataFolderInUseError
from localhost.host.binding_texts import BindingError
from localhost.host.blobs import check_blob_function
from localhost.host.functions import Function, FunctionTable, read_functions
from localhost.host.host import Host
from localhost.host.host_json import HostJson, HostJsonError
from localhost.host.loader import LoadError, index_folder
from localhost.host.logs import configure_logging
from localhost.host.memory import few_heaps, give_back_regularly
from localhost.host.place import Place
from localhost.host.ports import listen, listen_rpc, url
from localhost.host.processes import ELSEWHERE, Processes, activity_processes
from localhost.host.service_bus_trigger import check_service_bus_function
from localhost.host.settings import SettingsError, apply_settings

log = logging.getLogger("localhost.host")

_CANNOT_START = (SettingsError, HostJsonError, LoadError, DataFolderInUseError, OSError, ValueError)


def main(argv: list[str] | None = None) -> int:
    """Run until a signal comes; 0 after a clean stop, 1 with one sentence if it cannot start."""
    options = _options(argv)
    configure_logging(options.verbose)
    few_heaps()
    try:
        uvloop.run(_run(options))
    except _CANNOT_START as error:
        log.error("%s", error)
        return 1
    return 0


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    http, rpc = listen(options.port), listen_rpc(options.rpc_port)
    for wanted, listener in ((options.port, http), (options.rpc_port, rpc)):
        if wanted and listener.getsockname()[1] != wanted:
            log.warning("Port %d is taken: %s is used instead.", wanted, url(listener))
    place = Place(options.app.resolve(), options.data, http, rpc, options.auth)
    host_json = _prepare(options, place)
    database = Database(place.data)  # the folder is this host's alone
    processes = Processes(place, host_json, os.environ)
    try:
        await processes.start()  # they import the app while this process does
        host = Host(place, _table(place.app, host_json), host_json, os.environ, database, processes)
    except _CANNOT_START:
        await processes.stop()
        raise
    await host.start()
    if options.report:
        _write_report(options.report, {"http": host.http_url, "rpc": host.rpc_url, "pid": os.getpid()})
    log.info("ready: %s (Durable RPC: %s)", host.http_url, host.rpc_url)
    giving_back = asyncio.create_task(give_back_regularly(), name="memory")
    await stopped.wait()
    log.info("stopping")
    giving_back.cancel()
    await host.stop()


def _prepare(options: argparse.Namespace, place: Place) -> HostJson:
    """Make the environment what the app is to find, in this process and in those that it starts."""
    app = place.app
    os.environ["WEBSITE_HOSTNAME"] = f"localhost:{place.http.getsockname()[1]}"
    os.environ.setdefault("AzureWebJobsScriptRoot", str(app))
    os.environ.setdefault("FUNCTIONS_WORKER_RUNTIME", "python")
    settings: Path | None = options.settings
    apply_settings(settings or app / "local.settings.json", os.environ, required=settings is not None)
    os.environ[ELSEWHERE] = str(activity_processes(os.environ) > 0).lower()
    return HostJson.read(app, os.environ)


def _table(app: Path, host_json: HostJson) -> FunctionTable:
    """Import the app and say what it has."""
    table = _usable(read_functions(index_folder(app), os.environ))
    for function in table.functions:
        log.info("%s [%s]%s", function.name, function.kind, _address(function.trigger, host_json))
    for name, reason in table.refused:
        log.error("Function %s is not started: %s", name, reason)
    return table


def _usable(table: FunctionTable) -> FunctionTable:
    """Move functions whose connection cannot be used to the refused ones."""
    refused = dict(table.refused)
    checks = {"blobTrigger": check_blob_function, "serviceBusTrigger": check_service_bus_function}
    for function in table.functions:
        try:
            checks.get(function.kind, _nothing_to_check)(function, os.environ)
        except BindingError as error:
            refused[function.name] = str(error)
    return FunctionTable(tuple(item for item in table.functions if item.name not in refused), tuple(refused.items()))


def _nothing_to_check(function: Function, environ: Mapping[str, str]) -> None:
    """For triggers that need no connection."""


def _address(trigger: dict[str, object], host_json: HostJson) -> str:
    if trigger["type"] != "httpTrigger":
        return ""
    return f" /{host_json.get('extensions.http.routePrefix', 'api')}/{trigger['route']}".replace("//", "/")


def _write_report(file: Path, report: dict[str, object]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(file.name + ".tmp")
    draft.write_text(json.dumps(report))
    os.replace(draft, file)


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m localhost.host", description=__doc__)
    parser.add_argument("--app", type=Path, required=True, help="folder with function_app.py and host.json")
    parser.add_argument("--data", type=Path, required=True, help="folder for histories, keys and timers")
    parser.add_argument("--port", type=int, default=7071, help="port of the app (0: any)")
    parser.add_argument("--rpc-port", type=int, default=17071, help="port of the Durable RPC endpoint (0: any)")
    parser.add_argument("--settings", type=Path, help="settings file instead of the app's local.settings.json")
    parser.add_argument("--report", type=Path, help="file to write the URLs and the process id to, once ready")
    parser.add_argument("--auth", action="store_true", help="check access keys, as Azure does")
    parser.add_argument("--verbose", action="store_true", help="log each invocation")
    return parser.parse_args(argv)


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    # A function's thread that never ends would keep the process alive: it was given its time.
    os._exit(code)
