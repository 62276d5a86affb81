metadata name = 'Alerts'
metadata description = 'The rules of shared/alerts.json, which the app evaluates as well, and a workbook of what they look at.'

@description('Required. Region.')
param location string

@description('Required. Tags of the resources.')
param tags object

@description('Required. Resource id of the Application Insights component.')
param insightsId string

@description('Required. Name of the group that is told.')
param actionGroupName string

@description('Required. E-mail addresses that are told; none: alerts show in the portal only.')
param emails string[]

@description('Required. Name of the workbook, a GUID that stays the same.')
param workbookName string

var declared = loadJsonContent('../../shared/alerts.json')

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'TheoGen'
    enabled: true
    emailReceivers: [
      for email in emails: {
        name: email
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// The app reports each signal once a minute as the event `fleet_signal`; the highest of the window is compared.
resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for wanted in declared.rules: {
    name: wanted.name
    location: location
    tags: tags
    properties: {
      displayName: wanted.name
      description: '${wanted.description} ${wanted.remedy}'
      enabled: true
      severity: wanted.severity
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      windowSize: declared.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: 'traces | where tostring(customDimensions.event) == "fleet_signal" and tostring(customDimensions.signal) == "${wanted.signal}" | project timestamp, subject = tostring(customDimensions.subject), level = todouble(customDimensions.value)'
            timeAggregation: 'Maximum'
            metricMeasureColumn: 'level'
            dimensions: [
              {
                name: 'subject'
                operator: 'Include'
                values: ['*']
              }
            ]
            operator: 'GreaterThan'
            threshold: json(string(wanted.threshold))
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [group.id]
      }
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: workbookName
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'TheoGen'
    category: 'workbook'
    sourceId: insightsId
    serializedData: loadTextContent('../workbook.json')
  }
}
