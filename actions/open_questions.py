"""Questions that got no answer, kept without the person, so that somebody can do better."""

from __future__ import annotations

import logging

from actions.conversation import Turn
from core.errors import StoreUnavailable
from core.feedback import OpenQuestion, left_open
from core.values import Reply

log = logging.getLogger(__name__)

NOT_UNDERSTOOD = "not_understood"


def keep_open(turn: Turn, reply: Reply | None) -> None:
    """`reply`: what was said; None: it was not understood at all. Never fails, never speaks.

    Inside a form a sentence is more likely a name or a number than a question: it is not kept.
    """
    if turn.services.feedback is None or turn.form or turn.heard.text.startswith("/"):
        return
    if reply is None:
        question: OpenQuestion | None = OpenQuestion(
            turn.heard.text, NOT_UNDERSTOOD, channel=turn.channel
        )
    else:
        question = left_open(turn.heard.text, [reply], turn.channel)
    if question is None:
        return
    try:
        turn.services.feedback.keep_question(turn.conversation, turn.message_id, question)
    except StoreUnavailable:
        log.warning("an open question could not be kept")
