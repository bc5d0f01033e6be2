"""The OpenAPI document, from the declarations of the endpoints: what is checked is what is described."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from failonce import __version__
from failonce.model.account import Scope
from failonce.web.api.endpoint import Endpoint

BASE = "/api/v1"
_REF = "#/components/schemas/{name}"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a request was refused, and what to do (RFC 9457)."""

    title: str
    status: int
    detail: str
    hint: str
    #: Of a conflict: what you sent, and what is there now.
    mine: Any = None
    theirs: Any = None


#: What may be answered instead.
_REFUSALS = {
    "400": "The request cannot be read.",
    "401": "Nobody comes in without a token.",
    "403": "You may not.",
    "404": "There is no such thing, or you may not see it.",
    "409": "Somebody changed it meanwhile: both stand in the answer.",
    "413": "The request is too large.",
    "422": "The request makes no sense as written.",
    "503": "The store cannot be used.",
}


def document(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Return the document."""
    chosen = tuple(endpoints)
    types = [t for e in chosen for t in (e.answer, e.body, e.query) if t is not None]
    schemas, components = msgspec.json.schema_components([*types, Problem], ref_template=_REF)
    known = dict(zip([*map(str, types)], schemas, strict=False))
    paths: dict[str, Any] = {}
    for endpoint in chosen:
        paths.setdefault(BASE + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, known, components)
    queries = {e.query.__name__ for e in chosen if e.query}
    return {
        "openapi": "3.1.0",
        "info": {"title": "failonce", "version": __version__, "description": _ABOUT},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in components.items() if name not in queries},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


_ABOUT = (
    "The book of incidents for programs. Lists come page by page: give `next` back as `after`. What you may not see is"
    " not there. A token comes from `failonce account token`, with the scopes " + ", ".join(Scope) + "."
)


def _operation(endpoint: Endpoint, known: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        status: {"description": text, "content": {"application/problem+json": {"schema": _schema("Problem")}}}
        for status, text in _REFUSALS.items()
    }
    good: dict[str, Any] = {"description": endpoint.summary}
    if endpoint.answer is not None:
        good["content"] = {"application/json": {"schema": known[str(endpoint.answer)]}}
    answers[str(endpoint.status)] = good
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.work.__module__.rsplit('.', 1)[-1]}.{endpoint.work.__name__}",
        "summary": endpoint.summary,
        "parameters": [*_in_path(endpoint), *_in_query(endpoint, known, components)],
        "responses": answers,
    }
    if endpoint.body is not None:
        content = {"application/json": {"schema": known[str(endpoint.body)]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _schema(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=name)}


def _in_path(endpoint: Endpoint) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", endpoint.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _in_query(endpoint: Endpoint, known: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    name = known[str(endpoint.query)]["$ref"].rsplit("/", 1)[-1]
    schema = components[name]
    required = set(schema.get("required", ()))
    return [
        {"name": field, "in": "query", "required": field in required, "schema": _without_null(part)}
        for field, part in schema["properties"].items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter: it is left out, never null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    told = {key: value for key, value in schema.items() if key != "anyOf" and value is not None}
    return {**told, **kinds[0]} if len(kinds) == 1 else schema
