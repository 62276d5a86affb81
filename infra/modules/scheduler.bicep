metadata name = 'Durable Task Scheduler'
metadata description = 'Where orchestrations keep their histories, when they do not keep them in the storage account.'

@description('Required. Name of the scheduler.')
@minLength(3)
@maxLength(64)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of the resource.')
param tags object

@description('Required. How the scheduler is paid: by action, or by capacity.')
@allowed(['Consumption', 'Dedicated'])
param skuName string

@description('Required. Names of the task hubs: one for production, and one for each slot.')
param taskHubNames string[]

@description('Required. Addresses that may connect, in CIDR notation. An empty list lets nobody in; a role is needed in any case.')
param ipAllowlist string[]

@description('Required. Whether the scheduler answers on the internet.')
param publicNetworkAccess bool

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: ipAllowlist
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    sku: {
      name: skuName
    }
  }

  resource taskHub 'taskHubs' = [
    for hub in taskHubNames: {
      name: hub
      properties: {}
    }
  ]
}

@description('Name of the scheduler.')
output name string = scheduler.name

@description('Resource id of the scheduler.')
output resourceId string = scheduler.id

@description('Address that the app connects to.')
output endpoint string = scheduler.properties.endpoint
