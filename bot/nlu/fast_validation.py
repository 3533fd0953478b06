"""Rasa's check of an action's answer, with its JSON schema compiled once.

Rasa compiles the schema anew at each turn, which is most of the CPU of a turn with an action. The
check itself, its verdict and its message stay.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.shared.constants import DOCS_BASE_URL


@lru_cache(maxsize=1)
def _compiled() -> Any:
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


def validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """True, or jsonschema.ValidationError as Rasa raises it."""
    error = jsonschema.exceptions.best_match(_compiled().iter_errors(result))
    if error is None:
        return True
    error.message += (
        ". Failed to validate Action server response from API, make sure your response from the "
        f"Action endpoint is valid. For more information about the format visit {DOCS_BASE_URL}"
        "/custom-actions"
    )
    raise error


def install() -> None:
    """Puts the compiled check in place; a second call changes nothing."""
    RemoteAction._validate_action_result = validate_action_result  # type: ignore[method-assign]
