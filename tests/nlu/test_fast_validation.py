"""The compiled check of an action's answer gives Rasa's own verdicts."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def test_good_answers_pass_and_bad_ones_are_refused_as_before():
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction
    from rasa.utils.endpoints import EndpointConfig

    from bot.nlu import fast_validation

    original = RemoteAction._validate_action_result
    try:
        fast_validation.install()
        action = RemoteAction("action_x", EndpointConfig("http://127.0.0.1:1"))
        good = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{}]}
        assert action._validate_action_result(good)
        for bad in ({"events": [{"event": 3}]}, {"responses": "none"}, []):
            with pytest.raises(ValidationError, match="Failed to validate Action server"):
                action._validate_action_result(bad)
            with pytest.raises(ValidationError):
                original(action, bad)
    finally:
        RemoteAction._validate_action_result = original
