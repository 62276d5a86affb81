#!/bin/sh
# After the app is deployed: it is told of new blobs, and asked whether it works.
# May run any number of times. Takes the outputs of infra/main.bicep as azd hands them over.
set -eu
cd "$(dirname "$0")/../.."

# The app answers for the subscription itself, so it has to be there first.
az deployment group create --resource-group "$AZURE_RESOURCE_GROUP" --name blob-events --output none \
    --template-file infra/blobEvents.bicep \
    --parameters "appName=$FUNCTION_APP_NAME" "topicName=$BLOB_TOPIC" "storageName=$STORAGE_ACCOUNT" \
    functionName=import_upload
echo "New blobs in container uploads are told to $FUNCTION_APP_NAME."

exec ./infra/hooks/smoke.sh "$API_URL"
