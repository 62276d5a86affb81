#!/bin/sh
# After everything is made: secrets into the vault, containers that need them, the database's role and tables.
# May run any number of times. Takes the outputs of infra/main.bicep as azd hands them over.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"

work=$(mktemp -d) # readable by its owner alone
firewall=
finish() {
    rm -rf "$work"
    if [ -n "$firewall" ]; then
        az postgres flexible-server firewall-rule delete --yes --output none \
            --resource-group "$AZURE_RESOURCE_GROUP" --name "${POSTGRES_HOST%%.*}" --rule-name "$firewall"
    fi
}
trap finish EXIT

# Secrets. Through the control plane, which reaches a vault that has no public address.
vault="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.KeyVault/vaults/$KEY_VAULT"
put_secret() { # NAME VALUE CONTAINER
    address="$vault/secrets/$1?api-version=2024-11-01"
    secret=$2
    if [ -z "$secret" ]; then
        if az rest --method get --url "$address" --output none 2>/dev/null; then
            return 0
        fi
        case ",${CONTAINERS:-}," in
        *",$3,"*) secret=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n') ;;
        *)
            echo "The vault has no $1. Run again with $4 set in the shell's environment; it is kept in the vault alone." >&2
            return 1
            ;;
        esac
    fi
    SECRET=$secret python3 -c 'import json, os; print(json.dumps({"properties": {"value": os.environ["SECRET"]}}))' \
        >"$work/secret.json"
    az rest --method put --url "$address" --body "@$work/secret.json" --output none
    rm "$work/secret.json"
    echo "Put $1 into the vault."
}
put_secret qdrant-api-key "${QDRANT_API_KEY:-}" qdrant QDRANT_API_KEY
put_secret neo4j-password "${NEO4J_PASSWORD:-}" neo4j NEO4J_PASSWORD

# Containers, which read their secrets when they are made.
if [ -n "${CONTAINERS:-}" ]; then
    az deployment group create --resource-group "$AZURE_RESOURCE_GROUP" --name containers --output none \
        --template-file infra/containers.bicep \
        --parameters "environmentName=$CONTAINER_ENVIRONMENT" "identityName=$APP_IDENTITY" "vaultName=$KEY_VAULT" \
        "names=$CONTAINERS"
    echo "Deployed the containers $CONTAINERS."
fi

# The database lets in Azure's own services; this machine only where DEPLOYER_IP says who it is, and only meanwhile.
if [ -n "${DEPLOYER_IP:-}" ]; then
    firewall=deployer
    az postgres flexible-server firewall-rule create --output none \
        --resource-group "$AZURE_RESOURCE_GROUP" --name "${POSTGRES_HOST%%.*}" --rule-name "$firewall" \
        --start-ip-address "$DEPLOYER_IP" --end-ip-address "$DEPLOYER_IP"
fi

if [ -z "${PYTHON:-}" ]; then
    PYTHON=.venv/bin/python
    if [ ! -x "$PYTHON" ]; then
        python3 -m venv .venv
        "$PYTHON" -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
    fi
fi
PGPASSWORD=$(az account get-access-token --resource-type oss-rdbms --query accessToken --output tsv)
export PGPASSWORD
"$PYTHON" -m infra.hooks.database
