from bot.inbox.nearest import nearest_city
from bot.inbox.splitting import split_text


def test_a_long_answer_is_cut_where_sentences_end() -> None:
    text = "一句话。两句话！第三句话？" * 20
    pieces = split_text(text, 50)
    assert "".join(pieces) == text
    assert all(len(piece) <= 50 and piece[-1] in "。！？" for piece in pieces)


def test_a_sentence_longer_than_a_message_is_cut_and_nothing_is_lost() -> None:
    text = "短。" + "长" * 120 + "。尾。"
    pieces = split_text(text, 50)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= 50


def test_a_position_names_its_prefecture_or_none() -> None:
    assert nearest_city(43.5, 124.8) == "四平市"
    assert nearest_city(42.9, 129.4) == "延边州"
    assert nearest_city(31.2, 121.5) is None
