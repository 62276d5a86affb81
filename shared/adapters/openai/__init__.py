"""Language models and embeddings behind Azure OpenAI or any endpoint that speaks OpenAI's protocol."""

from shared.adapters.openai.client import OpenAIClient
from shared.adapters.openai.embedder import OpenAIEmbedder
from shared.adapters.openai.endpoints import AzureEndpoint, CompatibleEndpoint, Endpoint
from shared.adapters.openai.paid import PaidEmbedder

__all__ = ["AzureEndpoint", "CompatibleEndpoint", "Endpoint", "OpenAIClient", "OpenAIEmbedder", "PaidEmbedder"]
