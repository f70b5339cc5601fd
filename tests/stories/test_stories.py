"""Placing: copies and other tellings join, other happenings do not, and what is forgotten is forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories import stories as module
from monitor.stories.piece import Piece
from monitor.stories.stories import Stories
from tests.examples import examples
from tests.stories.telling import (
    BACK_TRANSLATED,
    FERRY,
    HOUR,
    NOW,
    OTHERS,
    Stream,
    glued,
    odd_quotes,
    with_footer,
)


def test_other_happenings_are_stories_of_their_own() -> None:
    stream = Stream(background=False)
    assert [stream.tell(*text).tie for text in OTHERS] == ["first"] * len(OTHERS)
    assert len(stream.stories) == len(OTHERS)


def test_three_wordings_of_one_happening_are_one_story() -> None:
    stream = Stream()
    first, *rest = [stream.tell(*text) for text in FERRY]
    assert first.tie == "first"
    assert [(one.story, one.tie) for one in rest] == [(first.story, "happening")] * 2


def test_three_wordings_are_one_story_in_a_stream_that_has_told_nothing_else() -> None:
    stream = Stream(background=False)
    assert {stream.tell(*text).story for text in FERRY} == {1}


@pytest.mark.parametrize("damage", [glued, odd_quotes, with_footer, str.upper])
def test_a_damaged_copy_is_a_copy_of_what_it_copies(damage: Callable[[str], str]) -> None:
    stream = Stream()
    first = stream.tell(*FERRY[0])
    copied = stream.tell(damage(FERRY[0][0]), damage(FERRY[0][1]))
    assert (copied.story, copied.tie, copied.copy_of) == (first.story, "copy", first.story)
    assert copied.reason.startswith("copy: ")


def test_a_copy_under_another_headline_is_a_copy() -> None:
    stream = Stream()
    first = stream.tell(*FERRY[0])
    assert stream.tell("Dozens rescued in the Baltic", FERRY[0][1]).copy_of == first.story


def test_what_a_feed_says_under_each_of_its_titles_makes_no_copies() -> None:
    stream = Stream()
    boilerplate = (
        "Subscribe to our newsletter and follow the show wherever you get your podcasts. New episodes weekly."
    )
    episodes = [
        "Running a server at home",
        "What barbershops taught Chicago",
        "The harbour pilots of Rotterdam",
    ]
    assert "copy" not in {stream.tell(title, boilerplate, publisher="The show").tie for title in episodes}
    assert stream.tell(episodes[0], boilerplate, publisher="Another").tie == "copy"


def test_a_text_translated_and_translated_back_is_in_the_story() -> None:
    stream = Stream()
    assert stream.tell(*FERRY[0]).story == stream.tell(*BACK_TRANSLATED).story


HEADLINES = """
台湾海峡附近发生六点二级地震，花莲震感强烈
花莲近海发生规模6.2地震，台湾海峡两岸有感
央行宣布下调存款准备金率

Поезд сошёл с рельсов под Самарой
Под Самарой сошел с рельсов поезд: двенадцать пострадавших
Цены на нефть упали до минимума

부산항에서 컨테이너선 화재, 선원 열두 명 구조
부산항 컨테이너선에 화재… 선원 12명 모두 구조돼
국회, 내년도 예산안 처리 또 연기

انفجار في ميناء بيروت يصيب عشرة عمال
إصابة عشرة عمال في انفجار بميناء بيروت
البنك المركزي يرفع سعر الفائدة

เรือเฟอร์รี่ล่มใกล้เกาะสมุย
ช่วยผู้โดยสารจากเรือเฟอร์รี่ล่มใกล้เกาะสมุย
ธนาคารกลางขึ้นอัตราดอกเบี้ย
"""


@pytest.mark.parametrize("lines", HEADLINES.strip().split("\n\n"))
def test_headlines_of_any_script_find_their_story(lines: str) -> None:
    stream = Stream()
    one, other, third = lines.splitlines()
    first, second, stranger = stream.tell(one), stream.tell(other), stream.tell(third)
    assert second.story == first.story
    assert stranger.story != first.story


def test_the_same_words_a_week_later_are_another_happening() -> None:
    stream = Stream()
    first = stream.tell(*FERRY[1])
    assert stream.tell(*FERRY[2], after=timedelta(days=6)).story != first.story


def test_an_entry_that_belongs_to_two_stories_makes_them_one_and_the_older_name_stays() -> None:
    stream = Stream()
    one = stream.tell("Hualien earthquake shakes Taiwan")
    two = stream.tell("Taiwan counts damage of the Hualien earthquake", after=timedelta(days=4))
    assert two.story != one.story
    both = stream.tell("Hualien earthquake shakes Taiwan: the damage")
    assert (both.story, both.absorbed) == (one.story, (two.story,))
    assert stream.tell("Damage of the Hualien earthquake").story == one.story


def test_among_many_a_likeness_is_needed_that_chance_does_not_offer() -> None:
    quiet, busy = Stream(background=False), Stream(background=False)
    for number in range(2000):
        busy.tell(f"w{number}a w{number}b w{number}c", after=timedelta(seconds=1))
    assert busy.tell("Nothing like it").needed > quiet.tell("Nothing like it").needed


def test_what_is_older_than_the_window_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 100)
    stream = Stream(background=False)
    for number in range(1000):
        stream.tell(f"w{number}a w{number}b w{number}c", after=timedelta(seconds=1))
    assert len(stream.stories) <= 100


def test_a_clock_that_is_set_back_places_all_the_same() -> None:
    stream = Stream()
    first = stream.tell(*FERRY[0])
    assert stream.tell(*FERRY[1], after=-timedelta(days=400)).story == first.story


def test_what_is_recalled_is_found_as_if_it_had_been_placed_here() -> None:
    stories = Stories()
    stories.recall(Piece(id=7, title=FERRY[0][0], lead=FERRY[0][1], at=NOW), story=5)
    again = stories.place(Piece(id=8, title=FERRY[0][0], lead=FERRY[0][1], at=NOW + HOUR))
    assert (again.story, again.copy_of) == (5, 7)


PIECES = st.lists(
    st.tuples(
        st.sampled_from([*FERRY, *OTHERS, BACK_TRANSLATED, ("", ""), ("Corrections", "")]),
        st.integers(0, 100_000),
        st.text(max_size=20),
    ),
    max_size=25,
)


@examples(40)
@given(PIECES)
def test_two_runs_place_alike_and_every_entry_is_in_a_story_that_began_before_it(
    drawn: list[tuple[tuple[str, str], int, str]],
) -> None:
    at, pieces = NOW, []
    for number, ((title, lead), seconds, noise) in enumerate(drawn, 1):
        at += timedelta(seconds=seconds)
        pieces.append(Piece(id=number, title=title, lead=f"{lead} {noise}", at=at))
    one, other = Stories(), Stories()
    placed = [one.place(piece) for piece in pieces]
    assert placed == [other.place(replace(piece)) for piece in pieces]
    assert all(each.story <= piece.id for each, piece in zip(placed, pieces, strict=True))
    assert all(each.story < min(each.absorbed, default=each.story + 1) for each in placed)


KINDS = """
Cuba headline number 001.
Cuba headline number 002.
Cuba headline number 003.

M 4.5 - 10 km W of Honiara, Solomon Islands
M 4.6 - 22 km S of Petrolia, California
M 5.1 - 10 km SSE of Honiara, Solomon Islands

Travel advisory: Cuba, exercise increased caution
Travel advisory: Chad, exercise increased caution
Travel advisory: Cuba, exercise normal caution

CVE-2026-1042: buffer overflow in the parser
CVE-2026-1043: buffer overflow in the lexer
CVE-2026-2217: buffer overflow in the parser

第12号台风海燕生成
第13号台风杨柳生成
第14号台风剑鱼生成
"""


@pytest.mark.parametrize("lines", KINDS.strip().split("\n\n"))
def test_what_a_publisher_tells_by_one_pattern_is_as_many_stories(lines: str) -> None:
    stream = Stream(background=False)
    titles = lines.splitlines()
    assert len({stream.tell(title, publisher="A").story for title in titles}) == len(titles)


def test_equal_titles_of_a_publisher_whose_texts_have_other_figures_are_as_many_stories() -> None:
    stream = Stream()
    texts = (f"Magnitude {4 + n / 10}, {n * 7 + 3} km off Honiara, depth 10 km." for n in range(3))
    assert len({stream.tell("Earthquake alert", text, publisher="A").story for text in texts}) == 3


@pytest.mark.parametrize(
    "again",
    [
        FERRY[0],
        (f"UPDATE: {FERRY[0][0]}", FERRY[0][1]),
        (FERRY[0][0], FERRY[0][1] + " The ferry will be towed to Nynäshamn on Monday."),
        FERRY[1],
    ],
)
def test_what_a_publisher_tells_again_stays_in_its_story(again: tuple[str, str]) -> None:
    stream = Stream()
    first = stream.tell(*FERRY[0], publisher="A")
    assert stream.tell(*again, publisher="A").story == first.story


def test_two_publishers_may_use_one_pattern_for_one_happening() -> None:
    stream = Stream()
    first = stream.tell("Ferry with 214 aboard runs aground off Gotland", publisher="A")
    assert stream.tell("Ferry with 210 aboard runs aground off Visby", publisher="B").story == first.story
