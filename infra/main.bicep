metadata name = 'TheoGen'
metadata description = 'All of TheoGen in one resource group. `azd up` deploys it; docs/operating.md is the runbook.'

targetScope = 'subscription'

@description('Required. Name of the environment: it names the resource group and, with the subscription, everything in it.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Required. Region of everything. Documents stay there; where models read them says the sku of their deployments.')
param location string

@description('Required. Object id of who deploys: owns the database, runs migrations, and puts packages into the storage account.')
param databaseOwnerId string

@description('Required. Name of that owner as Entra ID shows it.')
param databaseOwnerName string

@description('Optional. What kind of owner it is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param databaseOwnerType string = 'User'

@description('Required. Whose tokens the API accepts: the address of the tenant at Entra ID, ending in v2.0.')
param authIssuer string

@description('Required. The API\'s own id in tokens (claim aud): in tokens of version 2 the client id of its registration.')
param authAudience string

@description('Optional. Where the app runs: FlexConsumption, or ElasticPremium with a staging slot for blue-green roll-outs.')
@allowed(['FlexConsumption', 'ElasticPremium'])
param hosting string = 'FlexConsumption'

@description('Optional. Where orchestrations keep their histories.')
@allowed(['DurableTaskScheduler', 'AzureStorage'])
param durableBackend string = 'DurableTaskScheduler'

@description('Optional. Sizes of everything: small for trials, medium for an office, large for 5,000 documents on a Friday.')
@allowed(['small', 'medium', 'large'])
param size string = 'small'

@description('Optional. Name of the database server, where it is another than the first: one that was restored. Empty: derived.')
param databaseServer string = ''

@description('Optional. Whether everything gets private addresses and stops answering on the internet; the API itself still does.')
param privateNetwork bool = false

@description('Optional. Address space of the private network.')
param addressPrefix string = '10.40.0.0/16'

@description('Optional. Whether there are language models; without them the offline analyst works, and no quota is needed.')
param languageModels bool = true

@description('Optional. Model deployments. The first is the usual model, the second the one of tier `high`, the third embeds.')
@minLength(3)
@maxLength(3)
param modelDeployments {
  name: string
  model: string
  version: string
  sku: string
  capacity: int
}[] = [
  { name: 'usual', model: 'gpt-5.4-mini', version: '2026-03-17', sku: 'DataZoneStandard', capacity: 200 }
  { name: 'high', model: 'gpt-5.4', version: '2026-03-05', sku: 'DataZoneStandard', capacity: 100 }
  { name: 'embedding', model: 'text-embedding-3-large', version: '1', sku: 'Standard', capacity: 200 }
]

@description('Optional. Whether scans are read by Document Intelligence instead of the OCR engine inside the app.')
param documentIntelligence bool = false

@description('Optional. Address of a Qdrant; empty for one in a container, which takes the private network.')
param qdrantUrl string = ''

@description('Optional. Address of a Neo4j; empty for one in a container, which takes the private network.')
param neo4jUri string = ''

@description('Optional. Whether uploads are scanned by clamd in a container, which takes the private network.')
param antivirus bool = false

@description('Optional. Origins that browsers may call the API from.')
param allowedOrigins string[] = []

@description('Optional. Address of the package that Elastic Premium runs. infra/hooks/preprovision.sh finds it.')
param packageUrl string = ''

@description('Optional. Who is told of alerts, by e-mail.')
param alertEmails string[] = []

@description('Optional. Object id of a developer who runs the app on a machine against these resources.')
param developerObjectId string = ''

@description('Optional. Whether the key vault comes back that was deleted with an earlier deployment. infra/hooks/preprovision.sh finds out.')
param recoverVault bool = false

@description('Optional. Whether the model accounts come back that were deleted with an earlier deployment. infra/hooks/preprovision.sh finds out.')
param restoreModels bool = false

@description('Optional. App settings beyond those that follow from the resources, such as limits and prices.')
param extraSettings object = {}

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var public = !privateNetwork
var flex = hosting == 'FlexConsumption'
var containerNames = filter(
  [antivirus ? 'clamd' : '', empty(qdrantUrl) ? 'qdrant' : '', empty(neo4jUri) ? 'neo4j' : ''],
  name => !empty(name)
)
var inContainers = privateNetwork && !empty(containerNames)
var scheduled = durableBackend == 'DurableTaskScheduler'
var packageContainer = 'app-package'
var taskHub = 'theogen'
var stagingHub = 'staging'
var databaseName = 'theogen'

var sizes = {
  small: {
    storageSku: 'Standard_LRS', serviceBusSku: 'Standard', postgresSku: 'Standard_B2s', postgresTier: 'Burstable'
    postgresGb: 32, highAvailability: false, instances: 20, alwaysReady: 0, memoryMb: 2048, premiumSku: 'EP1', pool: 5
  }
  medium: {
    storageSku: 'Standard_ZRS', serviceBusSku: 'Standard', postgresSku: 'Standard_D2ds_v5', postgresTier: 'GeneralPurpose'
    postgresGb: 128, highAvailability: false, instances: 40, alwaysReady: 1, memoryMb: 4096, premiumSku: 'EP2', pool: 5
  }
  large: {
    storageSku: 'Standard_ZRS', serviceBusSku: 'Premium', postgresSku: 'Standard_D8ds_v5', postgresTier: 'GeneralPurpose'
    postgresGb: 512, highAvailability: true, instances: 80, alwaysReady: 2, memoryMb: 4096, premiumSku: 'EP3', pool: 8
  }
}
var chosen = sizes[size]

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-${token}'
    insightsName: 'appi-${token}'
    location: location
    tags: tags
    retentionInDays: 30
    dailyQuotaGb: size == 'small' ? 1 : -1
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-${token}'
    location: location
    tags: tags
    addressPrefix: addressPrefix
    appDelegation: flex ? 'Microsoft.App/environments' : 'Microsoft.Web/serverFarms'
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    skuName: chosen.storageSku
    packageContainer: packageContainer
    softDeleteDays: 14
    rejectedDays: 90
    publicNetworkAccess: public
  }
}

module serviceBus 'modules/serviceBus.bicep' = {
  name: 'serviceBus'
  scope: group
  params: {
    name: 'sb-${token}'
    location: location
    tags: tags
    skuName: privateNetwork ? 'Premium' : chosen.serviceBusSku
    publicNetworkAccess: public
  }
}

module scheduler 'modules/scheduler.bicep' = if (scheduled) {
  name: 'scheduler'
  scope: group
  params: {
    name: 'dts-${token}'
    location: location
    tags: tags
    skuName: size == 'large' ? 'Dedicated' : 'Consumption'
    taskHubNames: flex ? [taskHub] : [taskHub, stagingHub]
    ipAllowlist: ['0.0.0.0/0']
    publicNetworkAccess: public
  }
}

module postgres 'modules/postgres.bicep' = {
  name: 'postgres'
  scope: group
  params: {
    name: empty(databaseServer) ? 'psql-${token}' : databaseServer
    location: location
    tags: tags
    skuName: chosen.postgresSku
    tier: chosen.postgresTier
    storageSizeGb: chosen.postgresGb
    backupRetentionDays: size == 'small' ? 7 : 35
    highAvailability: chosen.highAvailability
    databaseName: databaseName
    administratorObjectId: databaseOwnerId
    administratorName: databaseOwnerName
    administratorType: databaseOwnerType
    publicNetworkAccess: public
  }
}

module models 'modules/models.bicep' = {
  name: 'models'
  scope: group
  params: {
    openAiName: 'oai-${token}'
    documentIntelligenceName: 'di-${token}'
    location: location
    tags: tags
    deployments: languageModels ? modelDeployments : []
    restore: restoreModels
    withDocumentIntelligence: documentIntelligence
    publicNetworkAccess: public
  }
}

module keyVault 'modules/keyVault.bicep' = {
  name: 'keyVault'
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    recover: recoverVault
    publicNetworkAccess: public
  }
}

module fileShares 'modules/fileShares.bicep' = if (inContainers) {
  name: 'fileShares'
  scope: group
  params: {
    name: 'sf${token}'
    location: location
    tags: tags
    shareNames: containerNames
  }
}

module containerEnvironment 'modules/containerEnvironment.bicep' = if (inContainers) {
  name: 'containerEnvironment'
  scope: group
  params: {
    name: 'cae-${token}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    subnetId: network!.outputs.containerSubnetId
    storageName: fileShares!.outputs.name
    shareNames: containerNames
  }
}

module containerNetworkNames 'modules/containerNames.bicep' = if (inContainers) {
  name: 'containerNames'
  scope: group
  params: {
    domain: containerEnvironment!.outputs.domain
    address: containerEnvironment!.outputs.staticIp
    networkId: network!.outputs.resourceId
    tags: tags
  }
}

module privateEndpoints 'modules/privateEndpoints.bicep' = if (privateNetwork) {
  name: 'privateEndpoints'
  scope: group
  params: {
    location: location
    tags: tags
    subnetId: network!.outputs.endpointSubnetId
    endpoints: concat(
      [
        { name: 'blob', resourceId: storage.outputs.resourceId, group: 'blob', zoneName: network!.outputs.zoneNames.blob }
        { name: 'queue', resourceId: storage.outputs.resourceId, group: 'queue', zoneName: network!.outputs.zoneNames.queue }
        { name: 'table', resourceId: storage.outputs.resourceId, group: 'table', zoneName: network!.outputs.zoneNames.table }
        {
          name: 'servicebus'
          resourceId: serviceBus.outputs.resourceId
          group: 'namespace'
          zoneName: network!.outputs.zoneNames.serviceBus
        }
        { name: 'vault', resourceId: keyVault.outputs.resourceId, group: 'vault', zoneName: network!.outputs.zoneNames.vault }
        { name: 'openai', resourceId: models.outputs.openAiId, group: 'account', zoneName: network!.outputs.zoneNames.openAi }
        {
          name: 'postgres'
          resourceId: postgres.outputs.resourceId
          group: 'postgresqlServer'
          zoneName: network!.outputs.zoneNames.postgres
        }
      ],
      inContainers
        ? [{ name: 'file', resourceId: fileShares!.outputs.resourceId, group: 'file', zoneName: network!.outputs.zoneNames.file }]
        : [],
      documentIntelligence
        ? [
            {
              name: 'reading'
              resourceId: models.outputs.documentIntelligenceId
              group: 'account'
              zoneName: network!.outputs.zoneNames.cognitive
            }
          ]
        : [],
      scheduled
        ? [
            {
              name: 'scheduler'
              resourceId: scheduler!.outputs.resourceId
              group: 'scheduler'
              zoneName: network!.outputs.zoneNames.scheduler
            }
          ]
        : []
    )
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    topicPrincipalId: storage.outputs.topicPrincipalId
    deployerId: databaseOwnerId
    deployerType: databaseOwnerType
    packageContainer: packageContainer
    storageName: storage.outputs.name
    serviceBusName: serviceBus.outputs.name
    keyVaultName: keyVault.outputs.name
    openAiName: models.outputs.openAiName
    insightsName: monitoring.outputs.insightsName
    documentIntelligenceName: documentIntelligence ? 'di-${token}' : ''
    schedulerName: scheduled ? scheduler!.outputs.name : ''
    developerObjectId: developerObjectId
  }
}

var inDomain = inContainers ? containerEnvironment!.outputs.domain : ''

var settings = union(
  {
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.outputs.clientId
    AzureWebJobsStorage__blobServiceUri: storage.outputs.blobEndpoint
    AzureWebJobsStorage__queueServiceUri: storage.outputs.queueEndpoint
    AzureWebJobsStorage__tableServiceUri: storage.outputs.tableEndpoint
    ServiceBus__credential: 'managedidentity'
    ServiceBus__clientId: identity.outputs.clientId
    ServiceBus__fullyQualifiedNamespace: serviceBus.outputs.fullyQualifiedNamespace
    APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
    AZURE_CLIENT_ID: identity.outputs.clientId
    AZURE_FUNCTIONS_DURABLE_STRICT_TYPING: '1'
    PYTHON_THREADPOOL_THREAD_COUNT: '8'
    BLOB_TRIGGER_SOURCE: 'EventGrid'
    DATABASE_URL: 'postgresql://${identity.outputs.name}@${postgres.outputs.host}:5432/${databaseName}?sslmode=verify-full'
    DB_POOL_SIZE: string(chosen.pool)
    DB_MAX_OVERFLOW: string(chosen.pool)
    MODEL_REGION: location
    QDRANT_URL: empty(qdrantUrl) ? 'https://qdrant.${inDomain}:443' : qdrantUrl
    KEY_VAULT_URL: keyVault.outputs.uri
    NEO4J_URI: empty(neo4jUri) ? 'bolt://neo4j.${inDomain}:7687' : neo4jUri
    NEO4J_USER: 'neo4j'
    CLAMD_URL: antivirus && inContainers ? 'tcp://clamd.${inDomain}:3310' : ''
    ANTIVIRUS_POLICY: antivirus ? 'refuse' : 'mark'
    AUTH_MODE: 'azure'
    AUTH_ISSUER: authIssuer
    AUTH_AUDIENCE: authAudience
  },
  scheduled
    ? {
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${identity.outputs.clientId}'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
        AzureFunctionsJobHost__extensions__durableTask__hubName: taskHub
      }
    : {
        // An idle hub would look into its queues every 30 seconds only, and whoever starts something would wait as long.
        AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval: '00:00:02'
      },
  languageModels
    ? {
        AZURE_OPENAI_ENDPOINT: models.outputs.openAiEndpoint
        MODEL_DEPLOYMENT: modelDeployments[0].name
        MODEL_DEPLOYMENT_HIGH: modelDeployments[1].name
        MODEL_TOKENS_PER_MINUTE: string(modelDeployments[0].capacity * 1000)
        EMBEDDING_DEPLOYMENT: modelDeployments[2].name
        EMBEDDING_DIMENSIONS: '3072'
      }
    : {},
  documentIntelligence
    ? {
        OCR_ENGINE: 'document_intelligence'
        DOCUMENT_INTELLIGENCE_ENDPOINT: models.outputs.documentIntelligenceEndpoint
      }
    : {},
  extraSettings
)

module app 'modules/functionApp.bicep' = {
  name: 'app'
  scope: group
  dependsOn: [roles, privateEndpoints]
  params: {
    name: 'func-${token}'
    planName: 'plan-${token}'
    location: location
    tags: tags
    hosting: hosting
    premiumSku: chosen.premiumSku
    instanceMemoryMb: chosen.memoryMb
    maximumInstances: chosen.instances
    alwaysReadyInstances: chosen.alwaysReady
    pythonVersion: '3.11'
    identityId: identity.outputs.resourceId
    blobEndpoint: storage.outputs.blobEndpoint
    packageContainer: packageContainer
    settings: settings
    allowedOrigins: allowedOrigins
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    packageUrl: packageUrl
    stagingHub: stagingHub
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    actionGroupName: 'ag-${token}'
    emails: alertEmails
    workbookName: guid(subscription().id, environmentName, 'workbook')
  }
}

@description('Resource group of everything.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('Address of the API.')
output API_URL string = '${app.outputs.uri}/api'

@description('Host name of the database server.')
output POSTGRES_HOST string = postgres.outputs.host

@description('Name of the database.')
output POSTGRES_DATABASE string = databaseName

@description('Name of the app\'s identity, which is its role in the database.')
output APP_DATABASE_ROLE string = identity.outputs.name

@description('Name of the owner\'s role in the database, which runs migrations.')
output DATABASE_OWNER string = databaseOwnerName

@description('Name of the storage account.')
output STORAGE_ACCOUNT string = storage.outputs.name

@description('Name of the topic that tells of new blobs.')
output BLOB_TOPIC string = storage.outputs.topicName

@description('Name of the key vault.')
output KEY_VAULT string = keyVault.outputs.name

@description('Name of the app\'s identity.')
output APP_IDENTITY string = identity.outputs.name

@description('Where the app runs.')
output HOSTING string = hosting

@description('Name of the environment of containers; empty without any.')
output CONTAINER_ENVIRONMENT string = inContainers ? containerEnvironment!.outputs.name : ''

@description('Containers that belong into it, separated by commas.')
output CONTAINERS string = inContainers ? join(containerNames, ',') : ''

@description('Container of packages.')
output PACKAGE_CONTAINER string = packageContainer

@description('Address of the blobs.')
output BLOB_ENDPOINT string = storage.outputs.blobEndpoint
