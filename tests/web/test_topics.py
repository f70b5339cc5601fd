"""Topics: the editor checks while one types, previews, writes with comments kept, and finds conflicts."""

import html
import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.stocked import Stock
from tests.web.conftest import WATCHLIST
from tests.web.running import Answer, Running, Visitor
from tests.web.test_now import words

CUBA = {"watchlist": "watch", "topic": "Cuba"}


def file_of(stock: Stock, name: str = "watch") -> str:
    return (stock.folder / "config" / "watchlists" / f"{name}.yaml").read_text()


def fields(answer: Answer) -> dict[str, str]:
    """What the editor's form has in it."""
    form = re.search(r'<form[^>]*id="editor".*?</form>', answer.text, re.DOTALL)
    assert form, answer.text
    found = {
        html.unescape(name): html.unescape(value)
        for tag in re.findall(r"<input[^>]*>", form[0])
        for name, value in re.findall(r'name="([^"]*)".*?value="([^"]*)"', tag)
    }
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL)
    return found | {name: html.unescape(value) for name, value in areas}


def editor(visitor: Visitor, **where: str) -> dict[str, str]:
    """The form of a topic as a browser would send it."""
    return fields(visitor.get(f"/topics/edit?{urlencode(where or CUBA)}"))


def test_topics_are_listed_with_their_hits_and_judgements(desk: Running, stock: Stock) -> None:
    stock.judge("relevant", titles=["Cuba without light"])
    text = words(desk.insider().get("/topics").text)
    assert "Cuba NOT &#34;Cuba Gooding&#34; 1 1 of 1 judged" in text


def test_a_broken_watchlist_is_told_and_the_others_are_listed(desk: Running, stock: Stock) -> None:
    stock.write("- [\n", name="broken")
    text = desk.insider().get("/topics").text
    assert "broken.yaml:" in text
    assert "spy balloon" in text


def test_an_edit_writes_the_file_with_its_comments_and_makes_a_version(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    done = visitor.post("/topics/save", editor(visitor) | {"query": "Cuba OR Havana"})
    assert done.status == 303
    assert file_of(stock) == WATCHLIST.replace('Cuba NOT "Cuba Gooding"', "Cuba OR Havana")
    version = stock.store.latest_version("watch")
    assert version is not None
    assert (version.number, version.who, version.note) == (2, "page", "topic Cuba edited")
    assert "Saved as version 2" in words(visitor.get(done.where).text)
    assert desk.rung == ["reload"]


def test_saving_what_is_there_already_changes_nothing(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    done = visitor.post("/topics/save", editor(visitor))
    assert "Nothing had to be changed" in visitor.get(done.where).text
    assert file_of(stock) == WATCHLIST


def test_a_topic_is_added_at_the_end_of_its_watchlist(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    new = {
        "watchlist": "watch",
        "name": " Taiwan  Strait ",
        "query": "",
        "labels": "severity: high\ndesk = asia",
    }
    done = visitor.send("/topics/save", **new)
    assert done.status == 303, done.text
    assert file_of(stock).startswith(WATCHLIST)
    assert "  - name: Taiwan Strait\n    labels: {severity: high, desk: asia}\n" in file_of(stock)


def test_the_first_topic_makes_the_first_watchlist(desk: Running, stock: Stock) -> None:
    assert desk.insider().send("/topics/save", watchlist="asia", name="Taiwan Strait").status == 303
    assert file_of(stock, "asia") == "topics:\n  - Taiwan Strait\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"query": "Cuba AND ("}, "^"),
        ({"query": "Cuba", "must_match": "something else"}, "something else"),
        ({"query": "Cuba", "must_not_match": "Cuba"}, "must_not_match"),
        ({"name": "Cuba"}, "already"),
        ({"name": ""}, "name"),
        ({"labels": "nonsense"}, "name: value"),
        ({"labels": "topic: x"}, "topic"),
        ({"watchlist": "../../etc"}, "watchlist"),
        ({"watchlist": "a/b"}, "watchlist"),
        ({"query": "(" * 5000}, "deep"),
        ({"query": "x" * 200_000}, "long"),
    ],
)
def test_a_mistake_is_said_nothing_is_written_and_nothing_typed_is_lost(
    desk: Running, stock: Stock, typed: dict[str, str], said: str
) -> None:
    visitor = desk.insider()
    form = {"watchlist": "watch", "name": "Havana", "query": "Havana", **typed}
    answer = visitor.send("/topics/save", **form)
    assert answer.status == 422
    problem = re.search(r'<pre class="problem" role="alert">(.*?)</pre>', answer.text, re.DOTALL)
    assert problem
    assert said in html.unescape(problem[1])
    assert form.items() <= fields(answer).items()
    assert file_of(stock) == WATCHLIST
    assert desk.troubles == []


def test_of_two_who_edit_a_topic_the_second_sees_the_conflict_and_loses_nothing(
    desk: Running, stock: Stock
) -> None:
    ann, ben = desk.insider(), desk.insider()
    hers, his = editor(ann), editor(ben)
    ann.post("/topics/save", hers | {"query": "Cuba OR Havana"})
    answer = ben.post("/topics/save", his | {"query": "Cuba NOT libre"})
    assert answer.status == 409
    assert "-  query: Cuba NOT &#34;Cuba Gooding&#34;" in answer.text
    assert "+  query: Cuba OR Havana" in answer.text
    assert fields(answer)["query"] == "Cuba NOT libre"
    assert "Cuba OR Havana" in file_of(stock)
    assert ben.post("/topics/save", fields(answer)).status == 303
    assert "Cuba NOT libre" in file_of(stock)
    texts = [version.text or "" for version in stock.store.versions(watchlist="watch")]
    assert any("Cuba OR Havana" in text for text in texts)


def test_a_topic_that_was_removed_meanwhile_is_said(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    form = editor(visitor)
    visitor.send("/topics/remove", **CUBA)
    answer = visitor.post("/topics/save", form | {"query": "Cuba NOT libre"})
    assert answer.status == 422
    assert fields(answer)["query"] == "Cuba NOT libre"


def checked(visitor: Visitor, **typed: str) -> dict[str, Any]:
    answer = visitor.send("/topics/check", watchlist="watch", **typed)
    assert answer.status == 200
    return dict(json.loads(answer.text))


def test_while_one_types_the_query_is_read_in_words(desk: Running) -> None:
    visitor = desk.insider()
    said = checked(visitor, query="Cuba NOT libre")
    assert said == {"problems": [], "reading": "Cuba, but not libre"}
    assert checked(visitor, name="Cuba Gooding")["reading"] == '"Cuba Gooding"'


def test_while_one_types_a_mistake_is_shown_under_its_place(desk: Running) -> None:
    visitor = desk.insider()
    (problem,) = checked(visitor, query="Cuba AND (Havana")["problems"]
    assert problem["severity"] == "error"
    assert "Cuba AND (Havana\n           ^" in problem["text"]
    (warning,) = checked(visitor, query="Cuba or Havana")["problems"]
    assert warning["severity"] == "warning"


def test_aliases_of_the_watchlist_are_known_while_one_types(desk: Running, stock: Stock) -> None:
    stock.write("topics: [Cuba]\naliases: {capital: [Havana]}\n")
    assert checked(desk.insider(), query="@capital")["reading"] == "any of @capital"


def previewed(visitor: Visitor, form: dict[str, str], **headers: str) -> str:
    answer = visitor.post("/topics/preview", form, **headers)
    assert answer.status == 200
    return words(answer.text)


def test_the_preview_shows_what_it_would_have_caught_and_against_the_saved_one(
    desk: Running, stock: Stock
) -> None:
    stock.see("Havana in the dark", "A Cuba day", days_ago=20)
    visitor = desk.insider()
    text = previewed(visitor, editor(visitor) | {"query": "Havana OR light"}, **{"X-Part": "1"})
    assert "1 in 7 days2 in 30 days2 in 90 days" in text
    assert "+1 / −1" in text
    assert "Gained" in text
    assert "A Cuba day" in text


def test_the_preview_says_when_an_edit_loses_what_was_marked_relevant(desk: Running, stock: Stock) -> None:
    stock.judge("relevant", titles=["Cuba without light"])
    visitor = desk.insider()
    assert "It loses 1 hit marked relevant" in previewed(visitor, editor(visitor) | {"query": "Havana"})


def test_without_scripts_the_preview_is_a_page_with_what_was_typed(desk: Running) -> None:
    visitor = desk.insider()
    answer = visitor.post("/topics/preview", editor(visitor) | {"query": "Havana"})
    assert fields(answer)["query"] == "Havana"
    assert "It would have caught" in answer.text


def test_a_new_topic_is_previewed_with_its_tests(desk: Running) -> None:
    visitor = desk.insider()
    form = {
        "csrf": visitor.csrf(),
        "watchlist": "watch",
        "name": "Sea",
        "query": "sea",
        "must_match": "the lake",
    }
    text = previewed(visitor, form)
    assert "1 in 7 days" in text
    assert "the lake" in text


@pytest.mark.parametrize("query", ["(", "", "x" * 200_000, "body:/(a+)+$/", "a* b", "@nobody"])
def test_garbage_in_a_preview_breaks_nothing(desk: Running, query: str) -> None:
    visitor = desk.insider()
    previewed(visitor, editor(visitor) | {"query": query})
    checked(visitor, query=query, name="")
    assert desk.troubles == []


def test_a_topic_without_a_name_is_refused_in_words(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    assert "a topic needs a name" in previewed(visitor, {"csrf": visitor.csrf(), "watchlist": "watch"})
    answer = visitor.send("/topics/save", watchlist="watch", name=" ", query="sea")
    assert (answer.status, "a topic needs a name" in answer.text) == (422, True)
    assert (file_of(stock), desk.troubles) == (WATCHLIST, [])


def test_a_topic_is_switched_off_and_on_again(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    visitor.send("/topics/switch", **CUBA, on="no")
    assert "disabled: true" in file_of(stock)
    visitor.send("/topics/switch", **CUBA, on="yes")
    assert file_of(stock) == WATCHLIST


def test_versions_show_what_each_changed_and_an_earlier_one_comes_back(desk: Running, stock: Stock) -> None:
    visitor = desk.insider()
    visitor.send("/topics/remove", **CUBA)
    assert "Cuba" not in file_of(stock)
    text = visitor.get("/watchlists/watch").text
    assert '<span class="cut">-  - name: Cuba' in text
    done = visitor.send("/watchlists/watch", version="1")
    assert file_of(stock) == WATCHLIST
    assert "Restored, as version 3" in visitor.get(done.where).text


@pytest.mark.parametrize(
    ("name", "number"), [("watch", "99"), ("watch", "x"), ("none", "1"), ("%2e%2e", "1")]
)
def test_a_version_that_there_is_not_is_said(desk: Running, stock: Stock, name: str, number: str) -> None:
    visitor = desk.insider()
    assert 400 <= visitor.send(f"/watchlists/{name}", version=number).status < 500
    assert visitor.get("/watchlists/none").status == 404
    assert (file_of(stock), desk.troubles) == (WATCHLIST, [])


@pytest.mark.parametrize(
    "where", ["", "topic=x", "topic=Cuba&watchlist=none", "topic=%00", "watchlist=../x&topic=y"]
)
def test_a_topic_that_there_is_not_is_said(desk: Running, where: str) -> None:
    assert desk.insider().get(f"/topics/edit?{where}").status == 409
    assert desk.troubles == []
