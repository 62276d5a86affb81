"""The value of a `durableClient` input: where the SDK's client finds the engine."""

from localhost.durable.protocol import compact

WEBHOOKS = "/runtime/webhooks/durabletask"
RPC = "/durabletask"


def client_binding(http_url: str, rpc_url: str, hub: str, code: str) -> str:
    """Return the binding's JSON text; the braces in it are placeholders that the client fills in."""
    base = f"{http_url}{WEBHOOKS}"
    required = f"code={code}"
    instance = f"{base}/instances/INSTANCEID"
    query = f"taskHub={hub}&connection=Storage&{required}"
    create = f"{base}/orchestrators/{{functionName}}[/{{instanceId}}]"
    wait = "timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}"
    value = {
        "taskHubName": hub,
        "connectionName": None,
        "creationUrls": {
            "createNewInstancePostUri": f"{create}?{required}",
            "createAndWaitOnNewInstancePostUri": f"{create}?{wait}&{required}",
        },
        "managementUrls": {
            "id": "INSTANCEID",
            "statusQueryGetUri": f"{instance}?{query}",
            "sendEventPostUri": f"{instance}/raiseEvent/{{eventName}}?{query}",
            "terminatePostUri": f"{instance}/terminate?reason={{text}}&{query}",
            "rewindPostUri": f"{instance}/rewind?reason={{text}}&{query}",
            "purgeHistoryDeleteUri": f"{instance}?{query}",
            "restartPostUri": f"{instance}/restart?{query}",
            "suspendPostUri": f"{instance}/suspend?reason={{text}}&{query}",
            "resumePostUri": f"{instance}/resume?reason={{text}}&{query}",
        },
        "baseUrl": base,
        "requiredQueryStringParameters": required,
        "rpcBaseUrl": f"{rpc_url}{RPC}/",
    }
    return compact(value)
