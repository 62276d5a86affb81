#!/bin/sh
# Registers the API in Entra ID, and gives its roles to who is signed in: registration.sh [PRINCIPAL_ID …]
# Prints the client id, which is AUTH_AUDIENCE. PRINCIPAL_ID: object ids that get the roles instead, such as the pipeline's.
# May run any number of times. Takes the right to register apps; az's own app may ask for tokens without a consent.
set -eu
cd "$(dirname "$0")/.."
name=${REGISTRATION_NAME:-TheoGen}
graph=https://graph.microsoft.com/v1.0
azure_cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46 # az signs in as this
scope=5f0a3c52-6f0f-4b5b-9a55-0d3a5a6f6c00

say() {
    echo "$*" >&2
}

id=$(az ad app list --filter "displayName eq '$name'" --query '[0].appId' --output tsv)
if [ -z "$id" ]; then
    id=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId --output tsv)
    say "Registered $name."
fi
az ad app update --id "$id" --identifier-uris "api://$id" --app-roles @infra/appRoles.json
object=$(az ad app show --id "$id" --query id --output tsv)
# Tokens of version 2, and one scope, that az may ask for. A scope has to be there before somebody is let at it.
scopes="\"oauth2PermissionScopes\": [{\"id\": \"$scope\", \"value\": \"access\", \"type\": \"User\", \"isEnabled\": true,
  \"adminConsentDisplayName\": \"Use TheoGen\", \"adminConsentDescription\": \"Use TheoGen as who is signed in.\"}]"
az rest --method patch --url "$graph/applications/$object" --output none \
    --body "{\"api\": {\"requestedAccessTokenVersion\": 2, $scopes}}"
az rest --method patch --url "$graph/applications/$object" --output none \
    --body "{\"api\": {\"preAuthorizedApplications\": [{\"appId\": \"$azure_cli\", \"delegatedPermissionIds\": [\"$scope\"]}]}}"

service=$(az ad sp list --filter "appId eq '$id'" --query '[0].id' --output tsv)
if [ -z "$service" ]; then
    service=$(az ad sp create --id "$id" --query id --output tsv)
fi
if [ $# = 0 ]; then
    set -- "$(az ad signed-in-user show --query id --output tsv)"
fi
for principal; do
    held=$(az rest --method get --url "$graph/servicePrincipals/$service/appRoleAssignedTo" --output tsv \
        --query "value[?principalId=='$principal'].appRoleId")
    for role in $(sed -n 's/.*"id": "\(.*\)",/\1/p' infra/appRoles.json); do
        case "$held" in
        *"$role"*) ;;
        *)
            az rest --method post --url "$graph/servicePrincipals/$service/appRoleAssignedTo" --output none \
                --body "{\"principalId\": \"$principal\", \"resourceId\": \"$service\", \"appRoleId\": \"$role\"}"
            say "$principal has the role $role."
            ;;
        esac
    done
done
echo "$id"
