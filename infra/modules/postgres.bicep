metadata name = 'PostgreSQL'
metadata description = 'A flexible server that knows Entra ID only: there is no password to leak. With pgvector, pg_trgm, unaccent, btree_gin.'

@description('Required. Name of the server.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of the resource.')
param tags object

@description('Required. Size of the server, such as Standard_B2s or Standard_D2ds_v5.')
param skuName string

@description('Required. Tier that the size belongs to.')
@allowed(['Burstable', 'GeneralPurpose', 'MemoryOptimized'])
param tier string

@description('Required. Gigabytes of disk; it grows by itself.')
@minValue(32)
param storageSizeGb int

@description('Required. Days that backups are kept.')
@minValue(7)
@maxValue(35)
param backupRetentionDays int

@description('Required. Whether a second server stands by in another zone.')
param highAvailability bool

@description('Required. Name of the database.')
param databaseName string

@description('Required. Object id of who owns the tables and runs migrations: a person, a group or a pipeline.')
param administratorObjectId string

@description('Required. Name of that owner as Entra ID shows it.')
param administratorName string

@description('Required. What kind of owner it is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param administratorType string

@description('Required. Whether the server answers on the internet, to Azure services and to who has a role in it.')
param publicNetworkAccess bool

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: skuName
    tier: tier
  }
  properties: {
    version: '17'
    createMode: 'Default'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: storageSizeGb
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupRetentionDays
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: highAvailability ? 'ZoneRedundant' : 'Disabled'
    }
    network: {
      publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    }
  }

  resource database 'databases' = {
    name: databaseName
    properties: {
      charset: 'UTF8'
      collation: 'en_US.utf8'
    }
  }

  // One after another: the server refuses changes while it is busy with one.
  resource extensions 'configurations' = {
    name: 'azure.extensions'
    dependsOn: [database]
    properties: {
      value: 'VECTOR,PG_TRGM,UNACCENT,BTREE_GIN'
      source: 'user-override'
    }
  }

  // TLS 1.2 and newer only; the server refuses connections without TLS by default.
  resource tls 'configurations' = {
    name: 'ssl_min_protocol_version'
    dependsOn: [extensions]
    properties: {
      value: 'TLSv1.2'
      source: 'user-override'
    }
  }

  resource administrator 'administrators' = {
    name: administratorObjectId
    dependsOn: [tls]
    properties: {
      principalName: administratorName
      principalType: administratorType
      tenantId: tenant().tenantId
    }
  }

  resource azureServices 'firewallRules' = if (publicNetworkAccess) {
    name: 'AllowAllAzureServicesAndResourcesWithinAzureIps'
    dependsOn: [administrator]
    properties: {
      startIpAddress: '0.0.0.0'
      endIpAddress: '0.0.0.0'
    }
  }
}

@description('Name of the server.')
output name string = server.name

@description('Resource id of the server.')
output resourceId string = server.id

@description('Host name that clients connect to.')
output host string = server.properties.fullyQualifiedDomainName
