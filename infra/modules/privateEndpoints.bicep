metadata name = 'Private endpoints'
metadata description = 'A private address for each resource that the app talks to.'

@description('Required. Region.')
param location string

@description('Required. Tags of the resources.')
param tags object

@description('Required. Subnet that the addresses are taken from.')
param subnetId string

@description('Required. What gets one: a short name, the resource, the group of the resource and the private zone.')
param endpoints {
  name: string
  resourceId: string
  group: string
  zoneName: string
}[]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for wanted in endpoints: {
    name: 'pe-${wanted.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      privateLinkServiceConnections: [
        {
          name: wanted.name
          properties: {
            privateLinkServiceId: wanted.resourceId
            groupIds: [wanted.group]
          }
        }
      ]
    }
  }
]

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (wanted, index) in endpoints: {
    parent: endpoint[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: wanted.group
          properties: {
            privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', wanted.zoneName)
          }
        }
      ]
    }
  }
]
