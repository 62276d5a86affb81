#!/bin/sh
# Before anything is made: is everything known that cannot be derived, and what is left of an earlier deployment?
set -eu
cd "$(dirname "$0")/../.."

missing=0
want() { # NAME MEANING EXAMPLE
    eval "given=\${$1:-}"
    if [ -z "$given" ]; then
        echo "$1 is not set: $2. For example: azd env set $1 $3" >&2
        missing=1
    fi
}

want AZURE_LOCATION "the region of everything" swedencentral
want AUTH_AUDIENCE "the client id under which the API is registered in Entra ID" "\"\$(./infra/registration.sh)\""
want DATABASE_OWNER_NAME "who owns the database, as Entra ID shows it" "\"\$(az ad signed-in-user show --query userPrincipalName -o tsv)\""
if [ "${PRIVATE_NETWORK:-false}" != true ]; then
    # Containers for them live in the private network only.
    want QDRANT_URL "address of a Qdrant, since there is no private network for one of our own" https://….qdrant.io:6333
    want NEO4J_URI "address of a Neo4j, since there is no private network for one of our own" neo4j+s://….databases.neo4j.io
    if [ -z "${GITHUB_ACTIONS:-}" ]; then # whose machines are Azure's, which the database lets in
        want DEPLOYER_IP "this machine's public address, which the database lets in for the time of migrations" 203.0.113.7
    fi
fi
case "${AUTH_AUDIENCE:-}" in
api://*)
    echo "AUTH_AUDIENCE has to be the registration's client id: tokens of version 2 name that, and never $AUTH_AUDIENCE." >&2
    missing=1
    ;;
esac
if [ -n "${AZURE_SUBSCRIPTION_ID:-}" ] && [ "$(az account show --query id --output tsv)" != "$AZURE_SUBSCRIPTION_ID" ]; then
    echo "az works on another subscription than azd: az account set --subscription $AZURE_SUBSCRIPTION_ID" >&2
    missing=1
fi
# Migrations run here, with the app's own libraries.
if [ -z "${PYTHON:-}" ] && [ ! -x .venv/bin/python ] &&
    ! python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))'; then
    echo "python3 has to be 3.11 or 3.12, or PYTHON the path of one that has what requirements.txt names." >&2
    missing=1
fi
if [ "$missing" != 0 ]; then
    exit 1
fi

# The app's subnet is handed over to a provider that a new subscription may not have registered.
if [ "${PRIVATE_NETWORK:-false}" = true ]; then
    az provider register --namespace Microsoft.App --wait --output none
fi

# Names stay the same, and a deleted vault keeps its own for 90 days, deleted models for two: they come back.
ours="tags.\"azd-env-name\"=='$AZURE_ENV_NAME'"
vault=$(az keyvault list-deleted --resource-type vault --output tsv \
    --query "[?properties.$ours && properties.location=='$AZURE_LOCATION'].name")
azd env set RECOVER_VAULT "$([ -n "$vault" ] && echo true || echo false)"
models=$(az cognitiveservices account list-deleted --output tsv --query "[?$ours && location=='$AZURE_LOCATION'].name")
azd env set RESTORE_MODELS "$([ -n "$models" ] && echo true || echo false)"

# Elastic Premium runs a package by its address: provisioning again must not take it away.
if [ "${HOSTING:-}" = ElasticPremium ] && [ -n "${STORAGE_ACCOUNT:-}" ]; then
    blob="--auth-mode login --only-show-errors --account-name $STORAGE_ACCOUNT --container-name $PACKAGE_CONTAINER --name current"
    # shellcheck disable=SC2086 # words, none with spaces
    there=$(az storage blob exists $blob --query exists --output tsv) # who may not look must not go on
    if [ "$there" = true ]; then
        # shellcheck disable=SC2086
        package=$(az storage blob download $blob --no-progress)
        azd env set PACKAGE_URL "$BLOB_ENDPOINT$PACKAGE_CONTAINER/$package"
    fi
fi
