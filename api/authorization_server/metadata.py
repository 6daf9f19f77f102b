"""What clients can find out by themselves: metadata of the server and of the API."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.authorization_server.signed import DETAILS_TYPE, SIGNING_ALGORITHMS

AUTHORIZATION_SERVER_PATH = "/.well-known/oauth-authorization-server"
PROTECTED_RESOURCE_PATH = "/.well-known/oauth-protected-resource"
JWKS_PATH = "/oauth/jwks"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path, not a secret


def server_metadata(issuer: str, audience: str) -> dict[str, Any]:
    """Describe the authorization server (RFC 8414)."""
    base = issuer.rstrip("/")
    return {
        "issuer": issuer,
        "token_endpoint": base + TOKEN_PATH,
        "jwks_uri": base + JWKS_PATH,
        # Required by the RFC, and empty: there is no authorization endpoint yet.
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(SIGNING_ALGORITHMS),
        "authorization_details_types_supported": [DETAILS_TYPE],
        "protected_resources": [audience],
    }


def resource_metadata(resource: str, authorization_servers: Sequence[str]) -> dict[str, Any]:
    """Describe the API as a protected resource (RFC 9728)."""
    return {
        "resource": resource,
        "authorization_servers": list(authorization_servers),
        "bearer_methods_supported": ["header"],
        "authorization_details_types_supported": [DETAILS_TYPE],
        "dpop_bound_access_tokens_required": False,
        "resource_name": "Schakel",
    }


def resource_metadata_url(resource: str) -> str:
    """Give where the metadata of a resource is: the well-known path before the resource's own."""
    parts = urlsplit(resource)
    path = PROTECTED_RESOURCE_PATH + parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def protected_resource_routes(resource: str, authorization_servers: Sequence[str]) -> list[Route]:
    """Serve the metadata of the API, whichever server gives the tokens.

    It is found at the path that the RFC derives from the resource, and at the bare path too.
    """
    document = resource_metadata(resource, authorization_servers)

    async def describe(_request: Request) -> JSONResponse:
        """Answer with the metadata of the API."""
        return JSONResponse(document, headers={"Cache-Control": "max-age=300"})

    derived = urlsplit(resource_metadata_url(resource)).path
    paths = dict.fromkeys((derived, PROTECTED_RESOURCE_PATH))
    return [Route(path, describe, methods=["GET"]) for path in paths]
