metadata name = 'Models'
metadata description = 'Azure OpenAI with its deployments, and Document Intelligence when it is wanted. Keys are off.'

@description('Required. Name of the Azure OpenAI account; also its subdomain, which signing in by identity takes.')
param openAiName string

@description('Required. Name of the Document Intelligence account.')
param documentIntelligenceName string

@description('Required. Region: texts are sent there, so it belongs into the privacy record.')
param location string

@description('Required. Tags of the resources.')
param tags object

@description('Required. Deployments: name, model, version, sku (such as DataZoneStandard) and capacity (thousands of tokens a minute).')
param deployments {
  name: string
  model: string
  version: string
  sku: string
  capacity: int
}[]

@description('Required. Whether accounts come back that were deleted lately under these names.')
param restore bool

@description('Required. Whether Document Intelligence is created.')
param withDocumentIntelligence bool

@description('Required. Whether the accounts answer on the internet.')
param publicNetworkAccess bool

resource openAi 'Microsoft.CognitiveServices/accounts@2025-06-01' = {
  name: openAiName
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: openAiName
    restore: restore
    disableLocalAuth: true
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: publicNetworkAccess ? 'Allow' : 'Deny'
    }
  }
}

// One after another: the account refuses changes while another one is made.
@batchSize(1)
resource deployment 'Microsoft.CognitiveServices/accounts/deployments@2025-06-01' = [
  for wanted in deployments: {
    parent: openAi
    name: wanted.name
    sku: {
      name: wanted.sku
      capacity: wanted.capacity
    }
    properties: {
      model: {
        format: 'OpenAI'
        name: wanted.model
        version: wanted.version
      }
      versionUpgradeOption: 'NoAutoUpgrade'
    }
  }
]

resource documentIntelligence 'Microsoft.CognitiveServices/accounts@2025-06-01' = if (withDocumentIntelligence) {
  name: documentIntelligenceName
  location: location
  tags: tags
  kind: 'FormRecognizer'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: documentIntelligenceName
    restore: restore
    disableLocalAuth: true
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: publicNetworkAccess ? 'Allow' : 'Deny'
    }
  }
}

@description('Name of the Azure OpenAI account.')
output openAiName string = openAi.name

@description('Resource id of the Azure OpenAI account.')
output openAiId string = openAi.id

@description('Address of the Azure OpenAI account.')
output openAiEndpoint string = openAi.properties.endpoint

@description('Resource id of Document Intelligence; empty without it.')
output documentIntelligenceId string = withDocumentIntelligence ? documentIntelligence.id : ''

@description('Address of Document Intelligence; empty without it.')
output documentIntelligenceEndpoint string = withDocumentIntelligence ? documentIntelligence!.properties.endpoint : ''
