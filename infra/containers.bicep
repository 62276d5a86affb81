metadata name = 'Containers'
metadata description = 'Qdrant, Neo4j and clamd as container apps, for those who have no managed ones. Deployed once their secrets are in the vault.'

@description('Required. Name of the environment that they run in.')
param environmentName string

@description('Required. Name of the identity that reads their secrets.')
param identityName string

@description('Required. Name of the key vault.')
param vaultName string

@description('Required. Which of them are created: qdrant, neo4j, clamd, separated by commas.')
param names string

@description('Optional. Region; else the resource group\'s.')
param location string = resourceGroup().location

// Container apps have NFS for lasting files and nothing better. Qdrant asks for a local disk: this one is for trials, and what
// it holds derives from the database. For data that matters give the address of a managed Qdrant.
var containers = {
  qdrant: {
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

var chosen = filter(items(containers), container => contains(split(names, ','), container.key))

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' existing = {
  name: environmentName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource app 'Microsoft.App/containerApps@2025-01-01' = [
  for container in chosen: {
    name: container.key
    location: location
    tags: resourceGroup().tags
    identity: {
      type: 'UserAssigned'
      userAssignedIdentities: {
        '${identity.id}': {}
      }
    }
    properties: {
      environmentId: environment.id
      workloadProfileName: 'Consumption'
      configuration: {
        activeRevisionsMode: 'Single'
        ingress: {
          external: true // that is: for the whole network, which has no public address
          transport: container.key == 'qdrant' ? 'http' : 'tcp'
          targetPort: container.value.port
          exposedPort: container.key == 'qdrant' ? null : container.value.port
        }
        secrets: empty(container.value.secret)
          ? []
          : [
              {
                name: container.value.secret
                keyVaultUrl: '${vault.properties.vaultUri}secrets/${container.value.secret}'
                identity: identity.id
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
  }
]
