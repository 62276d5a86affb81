metadata name = 'Names of containers'
metadata description = 'Makes the network find the containers: Azure does not do it for an environment without public address.'

@description('Required. Domain of the environment.')
param domain string

@description('Required. Address of the environment in the network.')
param address string

@description('Required. Resource id of the network.')
param networkId string

@description('Required. Tags of the resources.')
param tags object

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: domain
  location: 'global'
  tags: tags

  resource any 'A' = {
    name: '*'
    properties: {
      ttl: 3600
      aRecords: [
        {
          ipv4Address: address
        }
      ]
    }
  }

  resource link 'virtualNetworkLinks' = {
    name: 'network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
}
