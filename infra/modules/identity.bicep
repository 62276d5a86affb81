metadata name = 'Identity'
metadata description = 'The one identity that the app signs in with everywhere.'

@description('Required. Name of the identity.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of the resource.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output resourceId string = identity.id

@description('Name of the identity: also its role in the database.')
output name string = identity.name

@description('Object id, to which roles are granted.')
output principalId string = identity.properties.principalId

@description('Client id, by which the app chooses the identity.')
output clientId string = identity.properties.clientId
