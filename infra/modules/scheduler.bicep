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

@description('Required. Name of the task hub.')
param taskHubName string

@description('Required. Addresses that may connect, in CIDR notation. An empty list lets nobody in; a role is needed in any case.')
param ipAllowlist string[]

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: ipAllowlist
    sku: {
      name: skuName
    }
  }

  resource taskHub 'taskHubs' = {
    name: taskHubName
    properties: {}
  }
}

@description('Name of the scheduler.')
output name string = scheduler.name

@description('Address that the app connects to.')
output endpoint string = scheduler.properties.endpoint
