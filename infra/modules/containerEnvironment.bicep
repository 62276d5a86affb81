metadata name = 'Container environment'
metadata description = 'Where containers run, inside the network. infra/containers.bicep puts them there once their secrets exist.'

@description('Required. Name of the environment.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of the resources.')
param tags object

@description('Required. Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Required. Subnet of the environment.')
param subnetId string

@description('Required. Name of the storage account of the shares.')
param storageName string

@description('Required. Names of the shares.')
param shareNames string[]

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    vnetConfiguration: {
      infrastructureSubnetId: subnetId
      internal: true
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }

  resource share 'storages' = [
    for shareName in shareNames: {
      name: shareName
      properties: {
        nfsAzureFile: {
          server: '${storageName}.file.${az.environment().suffixes.storage}'
          shareName: '/${storageName}/${shareName}'
          accessMode: 'ReadWrite'
        }
      }
    }
  ]
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

@description('Name of the environment.')
output name string = environment.name

@description('Domain of its containers.')
output domain string = environment.properties.defaultDomain

@description('Address of its containers in the network.')
output staticIp string = environment.properties.staticIp
