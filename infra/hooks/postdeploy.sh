#!/bin/sh
# After the app is deployed: it is told of new blobs, verified in depth, and put to a small test.
# May run any number of times. Takes the outputs of infra/main.bicep as azd hands them over.
set -eu
cd "$(dirname "$0")/../.."

# The app answers for the subscription itself, with a key that it makes at its first start: it has to be alive.
"${PYTHON:-python3}" infra/smoke.py "$API_URL" --only health

subscribe() {
    az deployment group create --resource-group "$AZURE_RESOURCE_GROUP" --name blob-events --output none \
        --template-file infra/blobEvents.bicep \
        --parameters "appName=$FUNCTION_APP_NAME" "topicName=$BLOB_TOPIC" "storageName=$STORAGE_ACCOUNT" \
        functionName=import_upload
}
tries=1
until subscribe; do
    if [ "$tries" = 3 ]; then
        echo "$FUNCTION_APP_NAME is not told of new blobs: the deployment blob-events failed $tries times." >&2
        exit 1
    fi
    tries=$((tries + 1))
    sleep "${PAUSE:-30}"
done
echo "New blobs in container uploads are told to $FUNCTION_APP_NAME."

exec ./infra/hooks/smoke.sh "$API_URL"
