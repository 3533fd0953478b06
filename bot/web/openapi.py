"""The API's contract, served at /api/openapi.json."""

from __future__ import annotations

from typing import Any

from bot.web.api import MESSAGE_ID, MOST_READINGS
from bot.web.exchange import LONGEST_MESSAGE
from bot.web.sound import HEAR, KINDS, LARGEST_RECORDING
from core.values import Kind, Reason

_TEXT = {"type": "string"}
_REFUSALS = {
    "400": "Not of the form that is described.",
    "403": "Another site sent it.",
    "404": "No such address.",
    "405": "Not with this method; see Allow.",
    "413": "Larger than the gateway reads.",
    "415": "Not of a media type that is described.",
    "422": "Understood, and not to be handled: the code says why.",
    "429": "Faster than one address may send; see Retry-After.",
    "500": "Unforeseen; logged.",
    "503": "What it needs does not answer; nothing was handled.",
}


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
    }


def _array(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": _ref(schema)}},
    }


def _message() -> dict[str, Any]:
    said = {"type": "string", "minLength": 1, "maxLength": LONGEST_MESSAGE}
    return _object(
        {
            "message": said,
            "message_id": {
                "type": "string",
                "pattern": f"^{MESSAGE_ID}$",
                "description": "A repeated id gets the answer it already had.",
            },
            "alternatives": _array(
                {"type": "string", "maxLength": LONGEST_MESSAGE},
                maxItems=MOST_READINGS,
                description="A recogniser's other readings; being there says that it was spoken.",
            ),
        },
        ["message"],
    )


def _schemas() -> dict[str, Any]:
    kinds = [kind.value for kind in Kind]
    reasons = [reason.value for reason in Reason]
    confidence = {"type": "number", "minimum": 0, "maximum": 1, "nullable": True}
    return {
        "Message": _message(),
        "Citation": _object({name: _TEXT for name in ("document", "clause", "title", "quote")}),
        "Custom": _object(
            {
                "kind": {"type": "string", "enum": kinds},
                "reason": {"type": "string", "enum": [*reasons, None], "nullable": True},
                "citations": _array(_ref("Citation")),
                "speech": _TEXT,
            }
        ),
        "Choice": _object({"label": _TEXT, "payload": _TEXT}),
        "Reply": _object(
            {
                "text": _TEXT,
                "custom": {"allOf": [_ref("Custom")], "nullable": True},
                "choices": _array(_ref("Choice")),
            }
        ),
        "Replies": _object({"replies": _array(_ref("Reply"))}),
        "Heard": _object({"text": _TEXT, "alternatives": _array(_TEXT), "confidence": confidence}),
        "Health": _object({"status": _TEXT}),
        "Readiness": {"type": "object", "additionalProperties": {"enum": ["ok", "down"]}},
        "Refusal": _object({"error": _object({"code": _TEXT, "message": _TEXT})}),
    }


def _post(name: str, summary: str, content: dict[str, Any], schema: str) -> dict[str, Any]:
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "requestBody": {"required": True, "content": content},
            "responses": {
                "200": _answer(summary, schema),
                **{code: _answer(text, "Refusal") for code, text in _REFUSALS.items()},
            },
        }
    }


def _get(name: str, summary: str, schema: dict[str, Any], **others: str) -> dict[str, Any]:
    found = {"description": summary, "content": {"application/json": {"schema": schema}}}
    more = {code: {**found, "description": text} for code, text in others.items()}
    responses = {"200": found, **{code.lstrip("_"): answer for code, answer in more.items()}}
    return {"get": {"operationId": name, "summary": summary, "responses": responses}}


def document() -> dict[str, Any]:
    """OpenAPI 3.0.3."""
    sound = {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST_RECORDING}}
    paths = {
        "/api/chat": _post(
            "chat",
            "The replies to one message, in order; a cookie ties messages together.",
            {"application/json": {"schema": _ref("Message")}},
            "Replies",
        ),
        HEAR: _post(
            "hear",
            "What was said in a recording of at most a minute; empty where nothing was understood.",
            dict.fromkeys(KINDS, sound),
            "Heard",
        ),
        "/api/openapi.json": _get("contract", "This document.", {"type": "object"}),
        "/healthz": _get("healthz", "This process answers.", _ref("Health")),
        "/readyz": _get(
            "readyz", "Every part works.", _ref("Readiness"), _503="Some part does not."
        ),
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "明路 web gateway", "version": "1"},
        "paths": paths,
        "components": {"schemas": _schemas()},
    }
