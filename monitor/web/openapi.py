"""The API's description, made from its own table of routes. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor import __version__

PATH_PART = re.compile(r"\{(?P<name>\w+)(?::\w+)?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What can be asked for in the address."""

    name: str
    about: str
    kind: str = "string"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that the API does, in words for its readers.

    `kind` is what it answers in, `body` has the fields of what is sent.
    """

    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    kind: str = "application/json"
    body: Mapping[str, Any] | None = None
    statuses: tuple[tuple[int, str], ...] = ()


def described(operations: Iterable[Operation], *, prefix: str) -> dict[str, Any]:
    """All operations as OpenAPI 3.1 says it."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = PATH_PART.sub(r"{\g<name>}", prefix + operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "feed-monitor", "version": __version__},
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": _object({"error": {"type": "string"}})},
        },
        "paths": paths,
    }


def _operation(operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": _identifier(operation),
        "parameters": [
            *(
                _parameter(found["name"], "path", "integer", "")
                for found in PATH_PART.finditer(operation.path)
            ),
            *(_parameter(one.name, "query", one.kind, one.about) for one in operation.parameters),
        ],
        "responses": {
            "200": {"description": "done", "content": {operation.kind: {"schema": {}}}},
            **{str(status): _error(about) for status, about in operation.statuses},
            "401": _error("a token is expected"),
            "403": _error("this token is not good for this"),
        },
    }
    if operation.body is not None:
        said["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _object(operation.body)}},
        }
    return said


def _identifier(operation: Operation) -> str:
    words = re.findall(r"\w+", PATH_PART.sub(r"\g<name>", operation.path))
    return "_".join([operation.method.lower(), *words])


def _parameter(name: str, place: str, kind: str, about: str) -> dict[str, Any]:
    said = {"name": name, "in": place, "required": place == "path", "schema": {"type": kind}}
    return {**said, "description": about} if about else said


def _error(about: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties)}
