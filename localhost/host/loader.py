"""Imports an app's function_app.py and finds its one FunctionApp."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any


class LoadError(Exception):
    """The app cannot be indexed, so it has no functions at all."""


def index_folder(folder: Path) -> list[Any]:
    """Import the app in `folder` and return what its `get_functions()` says; works once per process."""
    name = os.environ.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py")
    if not (folder / name).is_file():
        raise LoadError(f"There is no {name} in {folder}.")
    for path in (folder / ".python_packages" / "lib" / "site-packages", folder):
        if path.is_dir():
            sys.path.insert(0, str(path))
    try:
        module = importlib.import_module(name.removesuffix(".py"))
    except Exception as error:
        raise LoadError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
    from azure.functions.decorators.function_app import FunctionRegister

    apps = {id(value): value for value in vars(module).values() if isinstance(value, FunctionRegister)}
    if len(apps) != 1:
        raise LoadError(f"{name} must hold exactly one FunctionApp at module level; it holds {len(apps)}.")
    return index_app(apps.popitem()[1])


def index_app(app: Any) -> list[Any]:
    """Return the functions of an app object; a name that is used twice fails the whole app."""
    try:
        return list(app.get_functions())
    except Exception as error:
        raise LoadError(f"The app's functions cannot be indexed: {error}") from error
