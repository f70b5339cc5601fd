"""Edits of watchlists: what is meant is done, and every other line stays the same to the byte."""

import textwrap
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import editing_layout
from monitor.config.editing import find_topic, list_topics, review
from monitor.config.editing_draft import Draft, ItemPlace, data_of, read_draft
from monitor.config.editing_splice import added, item_text, lines_of, removed, replaced
from monitor.config.editing_switch import switched_off, switched_on
from monitor.config.editing_values import NewTopic, quoted
from monitor.config.starter import starter_files
from monitor.errors import ConfigError, EditRefusedError
from tests.examples import examples

PATH = Path("config/watchlists/w.yaml")

DESK = """\
# The desk's own.
labels: {desk: asia}

topics:
  # the waters
  - Taiwan Strait      # as a phrase

  # Who flies?
  # Nobody knows.
  - name: 'spy balloon'
    query: >-
      "spy balloon" OR
      airship

    must_match:
      - a spy balloon
    # more to come

  - {name: Cuba, query: Cuba NOT "Cuba libre"}   # short
  # - Havana

aliases:   {x: [y,  z]}
"""


def draft(text: str) -> Draft:
    return read_draft(PATH, text, environ={})


def topic(text: str, name: str) -> tuple[Draft, ItemPlace]:
    read = draft(text)
    (found,) = read.named(name)
    return read, found


def changed(before: str, after: str) -> str:
    """What an edit changed: lines it took out with -, lines it put in with +, in one place."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    end = 0
    while end < min(len(old), len(new)) - same and old[-1 - end] == new[-1 - end]:
        end += 1
    out = [f"-{line}" for line in old[same : len(old) - end]]
    return "".join(out + [f"+{line}" for line in new[same : len(new) - end]])


def test_a_new_topic_stands_behind_the_last_set_off_as_the_others_are() -> None:
    new = NewTopic(name="Kuril Islands", query="Kuril* OR =PLA", labels={"desk": "asia"}, must_match=["a: b"])
    assert changed(DESK, added(draft(DESK), [NewTopic(name="Havana"), new])) == (
        "+  - Havana\n"
        "+\n"
        "+  - name: Kuril Islands\n"
        "+    query: Kuril* OR =PLA\n"
        "+    labels: {desk: asia}\n"
        "+    must_match:\n"
        "+      - 'a: b'\n"
        "+\n"
    )


def test_a_topic_goes_with_the_comments_above_and_inside_it() -> None:
    gone = DESK[DESK.index("  # Who flies?") : DESK.index("  - {name: Cuba")]
    assert removed(*topic(DESK, "Spy  Balloon")) == DESK.replace(gone, "")


def test_a_topic_taken_out_by_hand_stays_where_it_is() -> None:
    after = removed(*topic(DESK, "Cuba"))
    assert changed(DESK, after) == '-  - {name: Cuba, query: Cuba NOT "Cuba libre"}   # short\n'


def test_a_disabled_topic_says_so_below_its_name() -> None:
    assert changed(DESK, switched_off(*topic(DESK, "spy balloon"))) == "+    disabled: true\n"
    assert changed(DESK, switched_off(*topic(DESK, "Taiwan Strait"))) == (
        "-  - Taiwan Strait      # as a phrase\n"
        "+  - name: Taiwan Strait      # as a phrase\n"
        "+    disabled: true\n"
    )
    after = switched_off(*topic(DESK, "Cuba"))
    assert '{name: Cuba, disabled: true, query: Cuba NOT "Cuba libre"}   # short' in after


def test_disabled_false_becomes_true() -> None:
    text = "- {name: a, disabled: false}\n- name: b\n  disabled: false  # why\n"
    after = switched_off(*topic(switched_off(*topic(text, "a")), "b"))
    assert after == "- {name: a, disabled: true}\n- name: b\n  disabled: true  # why\n"


def test_an_edited_topic_is_shown_at_the_margin_and_put_back_in_its_place() -> None:
    text = item_text(*topic(DESK, "spy balloon"))
    assert text.startswith("# Who flies?\n# Nobody knows.\n- name: 'spy balloon'\n  query: >-\n")
    assert text.endswith("  # more to come\n")
    assert lines_of(*topic(DESK, "spy balloon")) == range(8, 18)
    after = replaced(*topic(DESK, "spy balloon"), "- airship\n- name: x\n  query: y\n")
    assert changed(DESK, after).endswith("+  - airship\n+  - name: x\n+    query: y\n")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "topics:\n  - New\n"),
        ("# only a comment", "# only a comment\ntopics:\n  - New"),
        ("topics:\naliases: {a: [b]}\n", "topics:\n  - New\naliases: {a: [b]}\n"),
        ("aliases: {a: [b]}\n", "aliases: {a: [b]}\ntopics:\n  - New\n"),
        ("topics: []\n", "topics: [New]\n"),
        ("topics: [a, b]\n", "topics: [a, b, New]\n"),
        ("[\n  a,   # 1\n  b    # 2\n]\n", "[\n  a,   # 1\n  b,    # 2\n  New\n]\n"),
        ("[\n  a,\n  b,\n]\n", "[\n  a,\n  b,\n  New,\n]\n"),
        ("- a", "- a\n- New"),
        ("- a\r\n- b\r\n", "- a\r\n- b\r\n- New\r\n"),
        ("---\n- a\n...\n", "---\n- a\n- New\n...\n"),
        ("- |+\n  a\n\n", "- |+\n  a\n\n- New\n"),
        ("- &x a\n- name: *x\n", "- &x a\n- name: *x\n- New\n"),
    ],
)
def test_a_topic_joins_a_list_of_any_style(text: str, after: str) -> None:
    assert added(draft(text), [NewTopic(name="New")]) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("- a\n- b\n", "- b\n"),
        ("- b\n- a", "- b\n"),
        ("- b\n\n- a\n\n", "- b\n\n"),
        ("# head\n- a\n- b\n", "# head\n- b\n"),
        (
            "# head\ntopics:\n  # about a\n  - a\n\n  # about b\n  - b\n",
            "# head\ntopics:\n  # about b\n  - b\n",
        ),
        ("# head\n\n# about a\n- a\n\n- b\n", "# head\n\n- b\n"),
        ("topics:\n  - a\naliases: {}\n", "topics:\naliases: {}\n"),
        ("[a, b, c]\n", "[b, c]\n"),
        ("[b, a]\n", "[b]\n"),
        ("[a]\n", "[]\n"),
        ("[\n  a,   # 1\n  b    # 2\n]\n", "[\n  b    # 2\n]\n"),
        ("[\n  b,   # 2\n  a    # 1\n]\n", "[\n  b,   # 2\n]\n"),
    ],
)
def test_a_topic_leaves_a_list_of_any_style(text: str, after: str) -> None:
    assert removed(*topic(text, "a")) == after


def test_what_would_say_something_else_than_was_meant_is_not_given_out() -> None:
    with pytest.raises(ConfigError, match="by hand"):
        removed(*topic("- &x a\n- {name: b, query: *x}\n", "a"))
    with pytest.raises(ConfigError, match="by hand"):
        added(draft("{aliases: {a: [b]}}\n"), [NewTopic(name="x")])


def test_the_shipped_watchlist_comes_back_to_the_byte() -> None:
    text = dict(starter_files())["watchlists/geopolitics.yaml"]
    for found in draft(text).items:
        off = switched_off(draft(text), found)
        assert changed(text, off) == "+    disabled: true\n"
        assert switched_on(*topic(off, found.name)) == text
        assert replaced(draft(text), found, item_text(draft(text), found)) == text


# --- any watchlist ---

_WORDS = st.text(alphabet="abc éß台\u3000'\"#:-,[]{}&*!|>@`$%?=~\\\n\t", min_size=1, max_size=12)
_NAMES = _WORDS.map(lambda text: " ".join(text.split())).filter(bool)
Style = Literal["plain", "mapping", "flow", "folded"]
_STYLES: st.SearchStrategy[Style] = st.sampled_from(("plain", "mapping", "flow", "folded"))


def _written(name: str, style: Style, note: str) -> str:
    comment = f"   # {note}" if note else ""
    if style == "plain":
        return f"- {quoted(name)}{comment}\n"
    if style == "flow":
        return f"- {{name: {quoted(name, flow=True)}, query: 'a b'}}{comment}\n"
    query = ">-\n    a\n    b\n" if style == "folded" else "a b\n"
    return f"- name: {quoted(name)}{comment}\n  query: {query}"


@st.composite
def watchlists(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A watchlist of topics in mixed styles, and their names."""
    names = draw(st.lists(_NAMES, min_size=1, max_size=5, unique_by=str.casefold))
    newline, indent = draw(st.sampled_from(["\n", "\r\n"])), draw(st.sampled_from(["", "  "]))
    text = ""
    for name in names:
        text += draw(st.sampled_from(["", "\n", "\n# above\n", "# - out\n", "  # deep\n" if text else ""]))
        text += _written(name, draw(_STYLES), draw(st.sampled_from(["", "why"])))
    text = draw(st.sampled_from(["# head\n", ""])) + "topics:\n" + textwrap.indent(text, indent)
    text += draw(st.sampled_from(["", "\naliases: {a: [b]}\n", "# tail\n"]))
    return text.replace("\n", newline), names


@given(watchlists(), _NAMES, st.text(alphabet="ab c:#'\"${}\\\n台", max_size=8), st.integers(0, 9))
@examples(150)
def test_every_line_that_is_not_the_topics_stays_the_same(
    watchlist: tuple[str, list[str]], new: str, query: str, number: int
) -> None:
    text, names = watchlist
    read = draft(text)
    found = read.items[number % len(names)]
    lines = text.splitlines(keepends=True)

    more = added(read, [NewTopic(name=new, query=query.strip())]).splitlines(keepends=True)
    assert _is_cut_from(lines, more)
    fewer = removed(read, found).splitlines(keepends=True)
    assert _is_cut_from(fewer, lines)
    off = switched_off(read, found)
    own = lines_of(read, found)
    assert off.splitlines(keepends=True)[: own.start - 1] == lines[: own.start - 1]
    rest = lines[own.stop - 1 :]
    assert not rest or off.splitlines(keepends=True)[-len(rest) :] == rest
    assert switched_on(draft(off), draft(off).items[found.index]) == text
    assert replaced(read, found, item_text(read, found)) == text


def _is_cut_from(part: list[str], whole: list[str]) -> bool:
    """Whether the whole, with lines in one place cut out, is the part."""
    same = 0
    while same < len(part) and part[same] == whole[same]:
        same += 1
    return part[same:] == whole[len(whole) - (len(part) - same) :]


@given(st.text(max_size=30).filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text)))
@examples(200)
def test_every_text_is_read_back_as_it_was_written(text: str) -> None:
    for written in (f"- {quoted(text)}\n", f"[{quoted(text, flow=True)}, x]\n"):
        data = data_of(read_draft(PATH, written, environ={}).root)
        assert isinstance(data, list)
        assert data[0] == text


@pytest.mark.parametrize(
    "text", ["no", "1.10", "12:30", "null", "~", "true", "a: b", "a #b", "- a", "@a", "", " a"]
)
def test_what_looks_like_something_else_is_quoted(text: str) -> None:
    assert quoted(text) == f"'{text}'"


@pytest.mark.parametrize("text", ["Taiwan Strait", "台湾海峡", 'Cuba NOT "Cuba libre"', "title:word", "it's"])
def test_what_needs_no_quotes_has_none(text: str) -> None:
    assert quoted(text) == text


def test_a_dollar_sign_stays_one(tmp_path: Path) -> None:
    text = added(draft(""), [NewTopic(name="a", query="${HOME} $$ $5")])
    (found,) = list_topics(read_draft(PATH, text, environ={"HOME": "wrong"}))
    assert found.query == "${HOME} $$ $5"


# --- a configuration ---


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "a.yaml").write_text(
        "labels: {desk: x}\ntopics:\n  - Cuba\n"
        "  - name: Haiti\n    query: Haiti OR (\n    labels: {severity: low}\n"
    )
    (tmp_path / "watchlists" / "b.yaml").write_text("- Cuban\n- {name: c, disabled: true}\n")
    return tmp_path


def test_topics_are_listed_with_all_their_labels_whatever_is_wrong(directory: Path) -> None:
    read, _ = find_topic(directory, "haiti", environ={})
    found = {each.name: each for each in list_topics(read)}
    assert (found["Haiti"].line, found["Haiti"].query) == (4, "Haiti OR (")
    assert found["Haiti"].labels == {"desk": "x", "severity": "low"}


def test_a_topic_that_is_not_there_is_said_with_what_may_be_meant(directory: Path) -> None:
    with pytest.raises(ConfigError, match="no topic 'Haity'; did you mean `Haiti`"):
        find_topic(directory, "Haity", environ={})


def test_a_topic_that_stands_twice_is_nobodys(directory: Path) -> None:
    (directory / "watchlists" / "c.yaml").write_text("- cuba\n")
    with pytest.raises(ConfigError, match=r"a\.yaml:3, .*c\.yaml:1"):
        find_topic(directory, "Cuba", environ={})
    assert find_topic(directory, "Cuba", environ={}, watchlist="c")[1].name == "cuba"


def test_an_edit_is_refused_for_what_it_breaks_and_not_for_what_was_broken(directory: Path) -> None:
    path = directory / "watchlists" / "b.yaml"
    before = path.read_text()
    seen = review(directory, path, before=before, after=before + "- Peru\n", environ={})
    assert [problem.line for problem in seen.standing] == [5]
    with pytest.raises(EditRefusedError, match=r"b\.yaml:3:3: the topic `Haiti` stands twice") as refused:
        review(directory, path, before=before, after=before + "- Haiti\n", environ={})
    assert len(refused.value.problems) == 1


def test_a_topic_that_stays_broken_is_refused_to_whoever_edits_it(directory: Path) -> None:
    path = directory / "watchlists" / "a.yaml"
    text = path.read_text()
    assert review(directory, path, before=text, after=text + "# x\n", environ={}).standing
    with pytest.raises(EditRefusedError):
        review(directory, path, before=text, after=text + "# x\n", environ={}, lines=range(4, 7))


def test_a_new_warning_is_told_once(directory: Path) -> None:
    path = directory / "watchlists" / "b.yaml"
    before = "- {name: x, query: a OR b c}\n"
    path.write_text(before)
    after = before + "- {name: y, query: d OR e f}\n"
    seen = review(directory, path, before=before, after=after, environ={})
    assert [problem.line for problem in seen.warnings] == [2]


def test_a_disabled_topic_is_not_run_and_may_be_unfinished(directory: Path) -> None:
    from monitor.config import load

    path = directory / "watchlists" / "a.yaml"
    path.write_text("- Cuba\n- {name: x, disabled: true, query: 'a OR ('}\n")
    config = load(directory, environ={})
    assert [each.name for each in config.topics] == ["Cuba", "Cuban"]
    assert [problem.line for problem in config.warnings] == [2]
    assert config.watchlists == {
        "a": path.read_text(),
        "b": (directory / "watchlists" / "b.yaml").read_text(),
    }


@given(watchlists())
@examples(60)
def test_both_parsers_find_every_value_in_the_same_place(watchlist: tuple[str, list[str]]) -> None:
    from ruamel.yaml import YAML

    surely = editing_layout._root(watchlist[0], iter(YAML(typ="safe", pure=True).parse(watchlist[0])))
    assert editing_layout.read_layout(watchlist[0]) == surely
