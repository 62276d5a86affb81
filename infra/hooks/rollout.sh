#!/bin/sh
# Puts a package into production, asks whether it works, and takes it back if it does not:
#   rollout.sh PACKAGE VERSION     PACKAGE from infra/package.py, VERSION such as a commit
#   rollout.sh --back              the version before
# Elastic Premium: blue-green, by the staging slot. Flex Consumption has no slots: the package before is put back.
# Packages are kept in the storage account, with the names of the current and the previous one beside them.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

blob() { # VERB NAME FILE
    az storage blob "$1" --auth-mode login --only-show-errors --output none --overwrite \
        --account-name "$STORAGE_ACCOUNT" --container-name "$PACKAGE_CONTAINER" --name "$2" --file "$3"
}

read_name() { # current or previous
    blob download "$1" "$work/$1" 2>/dev/null || : >"$work/$1"
    cat "$work/$1"
}

write_name() { # current or previous, NAME
    printf '%s' "$2" >"$work/$1"
    blob upload "$1" "$work/$1"
}

put_into_flex() { # FILE
    az functionapp deployment source config-zip --output none --resource-group "$AZURE_RESOURCE_GROUP" \
        --name "$FUNCTION_APP_NAME" --src "$1"
}

put_into_slot() { # NAME
    az functionapp config appsettings set --output none --resource-group "$AZURE_RESOURCE_GROUP" \
        --name "$FUNCTION_APP_NAME" --slot staging \
        --settings "WEBSITE_RUN_FROM_PACKAGE=$BLOB_ENDPOINT$PACKAGE_CONTAINER/$1"
    az functionapp restart --output none --resource-group "$AZURE_RESOURCE_GROUP" \
        --name "$FUNCTION_APP_NAME" --slot staging
}

swap() {
    az functionapp deployment slot swap --output none --resource-group "$AZURE_RESOURCE_GROUP" \
        --name "$FUNCTION_APP_NAME" --slot staging --target-slot production
}

back_to() { # NAME
    if [ -z "$1" ]; then
        echo "No version before this one is known: roll out an earlier commit." >&2
        return 1
    fi
    if [ "$HOSTING" = ElasticPremium ]; then
        put_into_slot "$1"
        swap
    else
        blob download "$1" "$work/previous.zip"
        put_into_flex "$work/previous.zip"
    fi
}

current=$(read_name current)
if [ "$1" = --back ]; then
    previous=$(read_name previous)
    back_to "$previous"
    ./infra/hooks/postdeploy.sh
    write_name previous "$current"
    write_name current "$previous"
    echo "$previous is in production again."
    exit 0
fi

name="theogen-$2.zip"
blob upload "$name" "$1"
if [ "$HOSTING" = ElasticPremium ]; then
    put_into_slot "$name"
    ./infra/hooks/smoke.sh "https://$FUNCTION_APP_NAME-staging.azurewebsites.net/api"
    swap
else
    put_into_flex "$1"
fi
if ! ./infra/hooks/postdeploy.sh; then
    echo "$name does not work in production: going back to ${current:-nothing}." >&2
    back_to "$current"
    exit 1
fi
if [ "$name" != "$current" ]; then
    write_name previous "$current"
    write_name current "$name"
fi
echo "$name is in production."
