"""Copies of the training sentences that sound alike."""

from bot.nlu.misheard import misheard
from core.spoken.pinyin import syllables

SENTENCE = "我要报名学电商直播，电话13800138000"


def test_a_misheard_copy_sounds_as_the_sentence_does():
    copy = misheard(SENTENCE, 1.0)
    assert copy != SENTENCE
    assert syllables(copy) == syllables(SENTENCE)


def test_the_same_sentence_is_misheard_in_the_same_way():
    assert misheard(SENTENCE, 0.3) == misheard(SENTENCE, 0.3)


def test_nothing_is_misheard_where_the_share_is_none():
    assert misheard(SENTENCE, 0.0) == SENTENCE
