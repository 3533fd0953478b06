"""The API's contract, served at /api/openapi.json."""

from __future__ import annotations

from typing import Any

from bot.web.api import LONGEST_MESSAGE_ID
from bot.web.exchange import LONGEST_MESSAGE
from core.values import Kind, Reason

_TEXT = {"type": "string"}


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
    }


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": _ref(schema)}},
    }


def _schemas() -> dict[str, Any]:
    kinds = [kind.value for kind in Kind]
    reasons = [reason.value for reason in Reason]
    return {
        "Message": _object(
            {
                "message": {"type": "string", "minLength": 1, "maxLength": LONGEST_MESSAGE},
                "message_id": {
                    "type": "string",
                    "maxLength": LONGEST_MESSAGE_ID,
                    "description": "A repeated id gets the answer it already had.",
                },
            },
            ["message"],
        ),
        "Citation": _object({name: _TEXT for name in ("document", "clause", "title", "quote")}),
        "Custom": _object(
            {
                "kind": {"type": "string", "enum": kinds},
                "reason": {"type": "string", "enum": reasons, "nullable": True},
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
        "Refusal": _object({"error": _object({"code": _TEXT, "message": _TEXT})}),
    }


def document() -> dict[str, Any]:
    """OpenAPI 3.0.3."""
    refusals = {
        "400": "Not the form of Message.",
        "403": "Another site sent it.",
        "413": "Larger than the gateway reads.",
        "415": "Not application/json.",
        "422": "Empty, too long, or a choice that was never offered.",
        "429": "Faster than one address may send; see Retry-After.",
        "500": "Unforeseen; logged.",
        "503": "The dialogue server does not answer; nothing was handled.",
    }
    responses = {"200": _answer("The replies, in order.", "Replies")}
    responses.update({code: _answer(text, "Refusal") for code, text in refusals.items()})
    operation = {
        "operationId": "chat",
        "summary": "One message of a conversation; a cookie ties messages together.",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref("Message")}},
        },
        "responses": responses,
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "明路 web gateway", "version": "1"},
        "paths": {"/api/chat": {"post": operation}},
        "components": {"schemas": _schemas()},
    }
