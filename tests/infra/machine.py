"""A machine with stand-ins for `az`, `azd` and Python that write down what they are asked."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.infra.bicep import INFRA

HOOKS = INFRA / "hooks"
AZ = """#!/bin/sh
printf '%s\\n' "$*" >>"$AZ_LOG"
case "$*" in
"account show"*) echo "${AZ_SUBSCRIPTION:-the-subscription}" ;;
*get-access-token*) echo the-token ;;
*"blob exists"*) [ -z "${AZ_DENIES:-}" ] || exit 1; echo "${AZ_PACKAGE:-true}" ;;
*"keyvault list-deleted"*) echo "${AZ_DELETED_VAULT:-}" ;;
*"account list-deleted"*) echo "${AZ_DELETED_MODELS:-}" ;;
"deployment group create"*blob-events*)
    if [ "$(cat "$AZ_LOG.tries" 2>/dev/null)" != "${AZ_TRIES:-}" ]; then
        printf x >>"$AZ_LOG.tries"
        exit 1
    fi ;;
"rest --method get"*) exit "$AZ_HAS_NO_SECRET" ;;
*"blob download"*"--name current"*"--file"*)
    [ -n "${AZ_CURRENT:-}" ] || exit 3
    for word; do last=$word; done
    printf %s "$AZ_CURRENT" >"$last" ;;
*"blob download"*"--name previous"*"--file"*) for word; do last=$word; done; printf %s theogen-0.zip >"$last" ;;
*"blob download"*"--name current"*) printf %s theogen-1.zip ;;
"rest --method put"*) for word; do case $word in @*) cat "${word#@}" >>"$AZ_BODIES" ;; esac; done ;;
esac
"""
PYTHON = """#!/bin/sh
printf 'python %s (%s%s)\\n' "$*" "${PGPASSWORD:-}" "${SMOKE_TOKEN:-}" >>"$AZ_LOG"
case "$*" in *smoke.py*) [ "${SMOKE_FAILS:-}" != "$2" ] ;; esac
"""
AUDIENCE = "8d2b6a4e-0f5c-4e0e-9a43-5d1c1f0c7b11"
OUTPUTS = {
    "AZURE_SUBSCRIPTION_ID": "the-subscription", "AZURE_RESOURCE_GROUP": "rg-trial", "KEY_VAULT": "kv-trial",
    "FUNCTION_APP_NAME": "func-trial", "API_URL": "https://func-trial.example/api", "BLOB_TOPIC": "topic",
    "STORAGE_ACCOUNT": "sttrial", "POSTGRES_HOST": "psql-trial.postgres.database.azure.com",
    "POSTGRES_DATABASE": "theogen", "DATABASE_OWNER": "owner@example.org", "APP_DATABASE_ROLE": "id-trial",
    "APP_IDENTITY": "id-trial", "CONTAINER_ENVIRONMENT": "cae-trial", "CONTAINERS": "", "HOSTING": "FlexConsumption",
    "PACKAGE_CONTAINER": "app-package", "BLOB_ENDPOINT": "https://sttrial.blob.example/", "AUTH_AUDIENCE": AUDIENCE,
}  # fmt: skip
# What azd itself, or whoever deploys, puts into the environment.
OTHERS = {
    "AZURE_SUBSCRIPTION_ID", "AZURE_ENV_NAME", "AZURE_LOCATION", "GITHUB_ACTIONS", "PAUSE",
    "AUTH_AUDIENCE", "DATABASE_OWNER_NAME", "PRIVATE_NETWORK", "QDRANT_URL", "NEO4J_URI",
    "QDRANT_API_KEY", "NEO4J_PASSWORD", "DEPLOYER_IP", "PYTHON", "PGPASSWORD", "SMOKE_TOKEN", "SECRET",
}  # fmt: skip


NAMED = {"AUTH_AUDIENCE": AUDIENCE, "DATABASE_OWNER_NAME": "owner@example.org", "AZURE_LOCATION": "swedencentral"}


class Machine:
    """A PATH with stand-ins, and what they were asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log, self.bodies = folder, folder / "log", folder / "bodies"
        for name, script in {"az": AZ, "azd": AZ, "standin-python": PYTHON}.items():
            (folder / name).write_text(script)
            (folder / name).chmod(0o755)

    def run(self, script: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        self.log.unlink(missing_ok=True)
        known = {"PATH": f"{self.folder}:{os.environ['PATH']}", "AZ_LOG": str(self.log), "AZ_BODIES": str(self.bodies)}
        known |= {"PYTHON": str(self.folder / "standin-python"), "AZ_HAS_NO_SECRET": "0", "TMPDIR": str(self.folder)}
        known |= {"AZURE_ENV_NAME": "trial", "PAUSE": "0"}
        command = ["sh", str(HOOKS / script), *arguments]
        return subprocess.run(command, env=known | environ, capture_output=True, text=True)

    @property
    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []
