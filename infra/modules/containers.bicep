metadata name = 'Containers'
metadata description = 'Qdrant, Neo4j and clamd as container apps, for those who have no managed ones. Each keeps its data on a file share.'

@description('Required. Name of the environment that they run in.')
param environmentName string

@description('Required. Name of the storage account of their file shares.')
@minLength(3)
@maxLength(24)
param storageName string

@description('Required. Region.')
param location string

@description('Required. Tags of the resources.')
param tags object

@description('Required. Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Required. Resource id of the identity that reads secrets.')
param identityId string

@description('Required. Address of the key vault.')
param vaultUri string

@description('Required. Subnet of the environment: the containers are reached from within the network only.')
param subnetId string

@description('Required. Which of them are created.')
param wanted {
  qdrant: bool
  neo4j: bool
  clamd: bool
}

// NFS: the databases need real files, and NFS knows no keys.
var containers = {
  qdrant: {
    wanted: wanted.qdrant
    image: 'docker.io/qdrant/qdrant:v1.15.4'
    port: 6333
    cpu: '1.0'
    memory: '2Gi'
    mount: '/qdrant/storage'
    secret: 'qdrant-api-key'
    command: []
    environment: [{ name: 'QDRANT__SERVICE__API_KEY', secretRef: 'qdrant-api-key' }]
  }
  neo4j: {
    wanted: wanted.neo4j
    image: 'docker.io/library/neo4j:5.26-community'
    port: 7687
    cpu: '1.0'
    memory: '2Gi'
    mount: '/data'
    secret: 'neo4j-password'
    // The image wants user and password in one variable, the vault has the password alone.
    command: ['/bin/bash', '-c', 'NEO4J_AUTH="neo4j/$PASSWORD" exec tini -g -- /startup/docker-entrypoint.sh neo4j']
    environment: [{ name: 'PASSWORD', secretRef: 'neo4j-password' }]
  }
  clamd: {
    wanted: wanted.clamd
    image: 'docker.io/clamav/clamav:1.4'
    port: 3310
    cpu: '1.0'
    memory: '3Gi'
    mount: '/var/lib/clamav'
    secret: ''
    command: []
    environment: []
  }
}

var chosen = filter(items(containers), container => container.value.wanted)

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: storageName
  location: location
  tags: tags
  kind: 'FileStorage'
  sku: {
    name: 'Premium_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: 'Disabled'
    supportsHttpsTrafficOnly: false // NFS is not HTTPS; only the subnet's private endpoint reaches it
  }

  resource files 'fileServices' = {
    name: 'default'

    resource share 'shares' = [
      for container in chosen: {
        name: container.key
        properties: {
          enabledProtocols: 'NFS'
          shareQuota: 100
        }
      }
    ]
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: last(split(workspaceId, '/'))
}

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: environmentName
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
    for container in chosen: {
      name: container.key
      properties: {
        nfsAzureFile: {
          server: '${storage.name}.file.${az.environment().suffixes.storage}'
          shareName: '/${storage.name}/${container.key}'
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
    workspaceId: workspace.id
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

resource app 'Microsoft.App/containerApps@2025-01-01' = [
  for container in chosen: {
    name: container.key
    location: location
    tags: tags
    identity: {
      type: 'UserAssigned'
      userAssignedIdentities: {
        '${identityId}': {}
      }
    }
    properties: {
      environmentId: environment.id
      workloadProfileName: 'Consumption'
      configuration: {
        activeRevisionsMode: 'Single'
        ingress: {
          external: false
          transport: container.key == 'qdrant' ? 'http' : 'tcp'
          targetPort: container.value.port
          exposedPort: container.key == 'qdrant' ? null : container.value.port
        }
        secrets: empty(container.value.secret)
          ? []
          : [
              {
                name: container.value.secret
                keyVaultUrl: '${vaultUri}secrets/${container.value.secret}'
                identity: identityId
              }
            ]
      }
      template: {
        scale: {
          minReplicas: 1
          maxReplicas: 1 // one writer on its files
        }
        volumes: [
          {
            name: 'data'
            storageType: 'NfsAzureFile'
            storageName: container.key
          }
        ]
        containers: [
          {
            name: container.key
            image: container.value.image
            command: container.value.command
            env: container.value.environment
            resources: {
              cpu: json(container.value.cpu)
              memory: container.value.memory
            }
            volumeMounts: [
              {
                volumeName: 'data'
                mountPath: container.value.mount
              }
            ]
          }
        ]
      }
    }
    dependsOn: [environment::share]
  }
]

@description('Resource id of the storage account of the file shares.')
output storageId string = storage.id

@description('Domain that the containers are found under, from within the network.')
output domain string = environment.properties.defaultDomain
