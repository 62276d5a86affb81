metadata name = 'Service Bus'
metadata description = 'The queues of infra/queues.json, which the local broker reads as well. Keys are off.'

@description('Required. Name of the namespace.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of the resource.')
param tags object

@description('Required. Tier. Private endpoints take Premium.')
@allowed(['Standard', 'Premium'])
param skuName string

@description('Required. Whether the namespace answers on the internet.')
param publicNetworkAccess bool

var declared = loadJsonContent('../queues.json').queues
var first = filter(declared, queue => !contains(queue.properties, 'forwardDeadLetteredMessagesTo'))
var forwarding = filter(declared, queue => contains(queue.properties, 'forwardDeadLetteredMessagesTo'))

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: skuName
    tier: skuName
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
  }
}

resource target 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in first: {
    parent: namespace
    name: queue.name
    properties: queue.properties
  }
]

// A queue can forward only to one that is there.
resource source 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in forwarding: {
    parent: namespace
    name: queue.name
    properties: queue.properties
    dependsOn: [target]
  }
]

@description('Name of the namespace.')
output name string = namespace.name

@description('Resource id of the namespace.')
output resourceId string = namespace.id

@description('Host name that clients connect to.')
output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'
