metadata name = 'Function app'
metadata description = 'The app on Flex Consumption, or on Elastic Premium with a slot to deploy to first.'

@description('Required. Name of the app.')
param name string

@description('Required. Name of the plan.')
param planName string

@description('Required. Region.')
param location string

@description('Required. Tags of the resources.')
param tags object

@description('Required. Where the app runs: FlexConsumption, or ElasticPremium with a staging slot.')
@allowed(['FlexConsumption', 'ElasticPremium'])
param hosting string

@description('Required. Size of a Premium instance.')
@allowed(['EP1', 'EP2', 'EP3'])
param premiumSku string

@description('Required. Memory of a Flex instance. Reading scans takes 2048 at least.')
@allowed([2048, 4096])
param instanceMemoryMb int

@description('Required. Most instances at once.')
@minValue(1)
@maxValue(1000)
param maximumInstances int

@description('Required. Instances that are always there, so that nobody waits for a cold start.')
@minValue(0)
param alwaysReadyInstances int

@description('Required. Version of Python.')
@allowed(['3.11', '3.12'])
param pythonVersion string

@description('Required. Resource id of the app\'s identity.')
param identityId string

@description('Required. Address of the blobs, for the package.')
param blobEndpoint string

@description('Required. Container of the package.')
param packageContainer string

@description('Required. Address of the package that Premium runs; empty before the first one is there. Flex is deployed to.')
param packageUrl string

@description('Required. App settings by name.')
param settings object

@description('Required. Origins that browsers may call the app from.')
param allowedOrigins string[]

@description('Optional. Subnet that the app reaches private endpoints through; empty for none.')
param subnetId string = ''

@description('Required. Task hub of the staging slot.')
param stagingHub string

var flex = hosting == 'FlexConsumption'

// Premium takes these from settings, Flex from functionAppConfig. Without keys there is no file share to deploy to:
// the package is a blob, fetched by identity. infra/hooks/rollout.sh puts it there.
var premiumSettings = union(
  {
    FUNCTIONS_EXTENSION_VERSION: '~4'
    FUNCTIONS_WORKER_RUNTIME: 'python'
    FUNCTIONS_WORKER_PROCESS_COUNT: '1' // Flex refuses this one, and has one anyway
    WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identityId
  },
  empty(packageUrl) ? {} : { WEBSITE_RUN_FROM_PACKAGE: packageUrl }
)

var appSettings = flex ? settings : union(settings, premiumSettings)

// The slot answers requests and works on a task hub of its own. What comes by itself is production's: queues, blobs, time.
var onlyInProduction = [
  'import_upload'
  'start_waiting'
  'send_waiting'
  'watch_fleet'
  'start_requested_import'
  'start_parked_run'
  'keep_dead_letter'
]
var stagingSettings = union(
  { AzureFunctionsJobHost__extensions__durableTask__hubName: stagingHub },
  toObject(onlyInProduction, function => 'AzureWebJobs.${function}.Disabled', function => '1')
)

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: flex ? 'functionapp' : 'elastic'
  sku: {
    name: flex ? 'FC1' : premiumSku
    tier: hosting
  }
  properties: {
    reserved: true
    maximumElasticWorkerCount: flex ? null : min(maximumInstances, 20) // what every region has for Premium on Linux
  }
}

var siteConfig = {
  minTlsVersion: '1.2'
  scmMinTlsVersion: '1.2'
  ftpsState: 'Disabled'
  http20Enabled: true
  healthCheckPath: flex ? null : '/api/health'
  linuxFxVersion: flex ? null : 'PYTHON|${pythonVersion}'
  minimumElasticInstanceCount: flex ? null : alwaysReadyInstances
  functionsRuntimeScaleMonitoringEnabled: flex ? null : true // the host looks into private queues, Azure cannot
  cors: {
    allowedOrigins: allowedOrigins
  }
}

var flexConfig = {
  deployment: {
    storage: {
      type: 'blobContainer'
      value: '${blobEndpoint}${packageContainer}'
      authentication: {
        type: 'UserAssignedIdentity'
        userAssignedIdentityResourceId: identityId
      }
    }
  }
  runtime: {
    name: 'python'
    version: pythonVersion
  }
  scaleAndConcurrency: {
    instanceMemoryMB: instanceMemoryMb
    maximumInstanceCount: maximumInstances
    alwaysReady: alwaysReadyInstances == 0
      ? []
      : [
          { name: 'http', instanceCount: alwaysReadyInstances }
          { name: 'durable', instanceCount: alwaysReadyInstances }
        ]
    // Python would get one request at a time; ours wait for databases and models most of the time. As in host.json.
    triggers: {
      http: {
        perInstanceConcurrency: 16
      }
    }
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: siteConfig
    functionAppConfig: flex ? flexConfig : null
  }

  resource appSettingsConfig 'config' = {
    name: 'appsettings'
    properties: appSettings
  }

  // Publishing by user name and password is off: deployments sign in.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

resource staging 'Microsoft.Web/sites/slots@2024-11-01' = if (!flex) {
  parent: app
  name: 'staging'
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: siteConfig
  }

  resource stagingSettingsConfig 'config' = {
    name: 'appsettings'
    properties: union(appSettings, stagingSettings)
  }

  resource stagingFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource stagingScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

resource stickySettings 'Microsoft.Web/sites/config@2024-11-01' = if (!flex) {
  parent: app
  name: 'slotConfigNames'
  properties: {
    appSettingNames: map(items(stagingSettings), setting => setting.key)
  }
}

@description('Name of the app.')
output name string = app.name

@description('Resource id of the app.')
output resourceId string = app.id

@description('Address of the app.')
output uri string = 'https://${app.properties.defaultHostName}'
