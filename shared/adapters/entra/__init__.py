"""Who asks, by Microsoft Entra ID: through App Service's own sign-in (Easy Auth) or a bearer token."""

from shared.adapters.entra.sign_in import EntraSignIn

__all__ = ["EntraSignIn"]
