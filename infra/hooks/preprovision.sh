#!/bin/sh
# Before anything is made: is everything known that cannot be derived?
set -eu

missing=0
want() { # NAME MEANING EXAMPLE
    eval "given=\${$1:-}"
    if [ -z "$given" ]; then
        echo "$1 is not set: $2. For example: azd env set $1 $3" >&2
        missing=1
    fi
}

want AUTH_AUDIENCE "the id under which the API is registered in Entra ID (claim aud)" api://theogen
want DATABASE_OWNER_NAME "who owns the database, as Entra ID shows it" "\"\$(az ad signed-in-user show --query userPrincipalName -o tsv)\""
if [ "${PRIVATE_NETWORK:-false}" != true ]; then
    # Containers for them live in the private network only.
    want QDRANT_URL "address of a Qdrant, since there is no private network for one of our own" https://….qdrant.io:6333
    want NEO4J_URI "address of a Neo4j, since there is no private network for one of our own" neo4j+s://….databases.neo4j.io
fi
if [ "$missing" != 0 ]; then
    exit 1
fi

# Elastic Premium runs a package by its address: provisioning again must not take it away.
if [ "${HOSTING:-}" = ElasticPremium ] && [ -n "${STORAGE_ACCOUNT:-}" ]; then
    package=$(az storage blob download --auth-mode login --only-show-errors --no-progress \
        --account-name "$STORAGE_ACCOUNT" --container-name "$PACKAGE_CONTAINER" --name current 2>/dev/null || :)
    if [ -n "$package" ]; then
        azd env set PACKAGE_URL "$BLOB_ENDPOINT$PACKAGE_CONTAINER/$package"
    fi
fi
