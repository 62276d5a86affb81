#!/bin/sh
# Verifies a deployed app and puts it to a small test, as whoever is signed in: smoke.sh API_URL
set -eu
cd "$(dirname "$0")/../.."
SMOKE_TOKEN=$(az account get-access-token --resource "${AUTH_AUDIENCE%%,*}" --query accessToken --output tsv)
export SMOKE_TOKEN
exec "${PYTHON:-python3}" infra/smoke.py "$1"
