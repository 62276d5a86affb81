metadata name = 'Roles'
metadata description = 'Every right that the app has in Azure, with its reason, in one table. There is no other.'

@description('Required. Object id of the app\'s identity.')
param principalId string

@description('Required. Object id of the topic of blob events.')
param topicPrincipalId string

@description('Required. Object id of who deploys.')
param deployerId string

@description('Required. What kind of principal that is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerType string

@description('Required. Container of packages.')
param packageContainer string

@description('Required. Name of the storage account.')
param storageName string

@description('Required. Name of the Service Bus namespace.')
param serviceBusName string

@description('Required. Name of the key vault.')
param keyVaultName string

@description('Required. Name of the Azure OpenAI account.')
param openAiName string

@description('Required. Name of the Application Insights component.')
param insightsName string

@description('Optional. Name of the Document Intelligence account; empty without one.')
param documentIntelligenceName string = ''

@description('Optional. Name of the Durable Task Scheduler; empty when histories are kept in the storage account.')
param schedulerName string = ''

@description('Optional. Object id of a developer who runs the app on a machine against these resources; empty for nobody.')
param developerObjectId string = ''

// role: its definition's id; reason: what the app would not do without it.
var grants = {
  storage: [
    {
      role: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
      reason: 'Originals, pages and texts are written and read; the host keeps leases, receipts and the package.'
    }
    {
      role: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
      reason: 'The host keeps poison blobs and, without a scheduler, orchestrations in queues.'
    }
    {
      role: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
      reason: 'The host keeps diagnostics and, without a scheduler, histories in tables.'
    }
  ]
  serviceBus: [
    {
      role: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0' // Azure Service Bus Data Receiver
      reason: 'Triggers receive and settle messages of every queue.'
    }
    {
      role: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39' // Azure Service Bus Data Sender
      reason: 'Imports, theory requests and dead letters are sent.'
    }
  ]
  keyVault: [
    {
      role: '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User
      reason: 'The app reads the few secrets that identity cannot replace.'
    }
  ]
  openAi: [
    {
      role: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd' // Cognitive Services OpenAI User
      reason: 'Models are asked.'
    }
  ]
  documentIntelligence: [
    {
      role: 'a97b65f3-24c7-4388-baec-2e87135dc908' // Cognitive Services User
      reason: 'Pages are read.'
    }
  ]
  scheduler: [
    {
      role: '0ad04412-c4d5-4796-b79c-f76d14c8d402' // Durable Task Data Contributor
      reason: 'Orchestrations are started, worked on and looked at.'
    }
  ]
  insights: [
    {
      role: '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
      reason: 'Logs, traces and metrics are written, since keys are off.'
    }
  ]
}

var lostEvents = {
  role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  reason: 'Events of blobs that could not be delivered are kept.'
}

var packages = {
  role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  reason: 'Who rolls out puts packages there. Owning a subscription is no right to its data.'
}

var principals = concat(
  [{ id: principalId, type: 'ServicePrincipal' }],
  empty(developerObjectId) ? [] : [{ id: developerObjectId, type: 'User' }]
)

// Every principal with every grant of a resource.
var storageGrants = flatten(map(principals, who => map(grants.storage, grant => union(grant, who))))
var serviceBusGrants = flatten(map(principals, who => map(grants.serviceBus, grant => union(grant, who))))
var keyVaultGrants = flatten(map(principals, who => map(grants.keyVault, grant => union(grant, who))))
var openAiGrants = flatten(map(principals, who => map(grants.openAi, grant => union(grant, who))))
var readingGrants = flatten(map(principals, who => map(grants.documentIntelligence, grant => union(grant, who))))
var schedulerGrants = flatten(map(principals, who => map(grants.scheduler, grant => union(grant, who))))
var insightsGrants = flatten(map(principals, who => map(grants.insights, grant => union(grant, who))))

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource packagesOf 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  name: '${storageName}/default/${packageContainer}'
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource keyVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource openAi 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = {
  name: openAiName
}

// What is not made is still given a name: it is looked at before the condition is.
resource documentIntelligence 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = if (!empty(documentIntelligenceName)) {
  name: empty(documentIntelligenceName) ? 'none' : documentIntelligenceName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (!empty(schedulerName)) {
  name: empty(schedulerName) ? 'none' : schedulerName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource storageRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in storageGrants: {
    name: guid(storage.id, grant.id, grant.role)
    scope: storage
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      principalId: grant.id
      principalType: grant.type
      description: grant.reason
    }
  }
]

// Event Grid keeps what it could not deliver, and has no key either.
resource lostEventsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, topicPrincipalId, lostEvents.role)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', lostEvents.role)
    principalId: topicPrincipalId
    principalType: 'ServicePrincipal'
    description: lostEvents.reason
  }
}

resource packagesRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(packagesOf.id, deployerId, packages.role)
  scope: packagesOf
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', packages.role)
    principalId: deployerId
    principalType: deployerType
    description: packages.reason
  }
}

resource serviceBusRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in serviceBusGrants: {
    name: guid(serviceBus.id, grant.id, grant.role)
    scope: serviceBus
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      principalId: grant.id
      principalType: grant.type
      description: grant.reason
    }
  }
]

resource keyVaultRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in keyVaultGrants: {
    name: guid(keyVault.id, grant.id, grant.role)
    scope: keyVault
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      principalId: grant.id
      principalType: grant.type
      description: grant.reason
    }
  }
]

resource openAiRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in openAiGrants: {
    name: guid(openAi.id, grant.id, grant.role)
    scope: openAi
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      principalId: grant.id
      principalType: grant.type
      description: grant.reason
    }
  }
]

resource readingRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in readingGrants: if (!empty(documentIntelligenceName)) {
    name: guid(documentIntelligence.id, grant.id, grant.role)
    scope: documentIntelligence
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      principalId: grant.id
      principalType: grant.type
      description: grant.reason
    }
  }
]

resource schedulerRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in schedulerGrants: if (!empty(schedulerName)) {
    name: guid(scheduler.id, grant.id, grant.role)
    scope: scheduler
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      principalId: grant.id
      principalType: grant.type
      description: grant.reason
    }
  }
]

resource insightsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in insightsGrants: {
    name: guid(insights.id, grant.id, grant.role)
    scope: insights
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      principalId: grant.id
      principalType: grant.type
      description: grant.reason
    }
  }
]
