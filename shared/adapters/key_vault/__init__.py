"""Secrets of Azure Key Vault."""

from shared.adapters.key_vault.secrets import VaultSecrets

__all__ = ["VaultSecrets"]
