"""Which version of each Azure API is used: stable ones that exist.

Source: the resource types that Microsoft publishes for Bicep (github.com/Azure/bicep-types-az, commit 1f896de of
2026-08-20), in which each `type@version` below is declared; a test looks there again where a copy is at hand.
"""

VERSIONS = {
    "Microsoft.App/containerApps": "2025-01-01",
    "Microsoft.App/managedEnvironments": "2025-01-01",
    "Microsoft.Authorization/roleAssignments": "2022-04-01",
    "Microsoft.CognitiveServices/accounts": "2025-06-01",
    "Microsoft.DBforPostgreSQL/flexibleServers": "2025-08-01",
    "Microsoft.DurableTask/schedulers": "2026-02-01",
    "Microsoft.EventGrid/systemTopics": "2025-02-15",
    "Microsoft.Insights/actionGroups": "2023-01-01",
    "Microsoft.Insights/components": "2020-02-02",
    "Microsoft.Insights/diagnosticSettings": "2021-05-01-preview",  # never left preview
    "Microsoft.Insights/scheduledQueryRules": "2023-12-01",
    "Microsoft.Insights/workbooks": "2023-06-01",
    "Microsoft.KeyVault/vaults": "2024-11-01",
    "Microsoft.ManagedIdentity/userAssignedIdentities": "2024-11-30",
    "Microsoft.Network/privateDnsZones": "2024-06-01",
    "Microsoft.Network/privateEndpoints": "2024-05-01",
    "Microsoft.Network/virtualNetworks": "2024-05-01",
    "Microsoft.OperationalInsights/workspaces": "2025-07-01",
    "Microsoft.Resources/resourceGroups": "2024-03-01",
    "Microsoft.ServiceBus/namespaces": "2024-01-01",
    "Microsoft.Storage/storageAccounts": "2025-06-01",
    "Microsoft.Web/serverfarms": "2024-11-01",
    "Microsoft.Web/sites": "2024-11-01",
}


def version_of(type_: str) -> str | None:
    """The version of a type, nested ones as their parent's."""
    parts = type_.split("/")
    return next((found for end in range(len(parts), 1, -1) if (found := VERSIONS.get("/".join(parts[:end])))), None)
