"""`monitor explain`: clause by clause, for stored entries and for others; what became of the hit."""

import json

from tests.command_line import NOW, Call, Desk, entry


def test_an_entry_is_found_by_id_link_guid_or_a_part_of_its_title(monitor: Call, desk: Desk) -> None:
    for name in ("1", "https://news.example.org/old", "old", "RESTORES POW"):
        done = monitor("explain", "Cuba", name)
        assert done.code == 0, name
        assert "*Cuba* restores power" in done.out


def test_each_clause_says_where_it_stands_or_why_not(monitor: Call, desk: Desk) -> None:
    done = monitor("explain", "Cuba", "--text", "A Cuba libre in Havana")
    assert done.code == 1
    shown = done.out
    assert "Cuba does not match" in shown
    assert "✓ Cuba" in shown
    assert "A *Cuba* libre in Havana" in shown
    assert '✗ NOT ("Cuba Gooding" OR "Cuba libre")' in shown
    assert '✓ "Cuba libre"' in shown
    assert '✗ "Cuba Gooding"' in shown


def test_what_became_of_the_stored_hit_is_said(monitor: Call, desk: Desk) -> None:
    assert "hit 1: kept, baseline: it was in the feed's first document" in monitor("explain", "Cuba", "1").out
    assert "hit 2: pending" in monitor("explain", "taiwan strait", "2").out
    assert "hit" not in monitor("explain", "Cuba", "2").out


def test_a_hit_is_explained_by_its_number(monitor: Call, desk: Desk) -> None:
    done = monitor("explain", "--hit", "2")
    assert done.code == 0
    assert "Taiwan Strait matches" in done.out
    assert monitor("explain", "--hit", "99").err == "error: there is no hit 99\n"


def test_a_query_takes_the_place_of_a_topic(monitor: Call, desk: Desk) -> None:
    assert monitor("explain", "-q", "restores NEAR/3 Cuba", "1").code == 0
    assert monitor("explain", "-q", "oil", "1").code == 1


def test_json_has_the_tree_of_clauses_the_entry_and_the_hit(monitor: Call, desk: Desk) -> None:
    facts = json.loads(monitor("explain", "Cuba", "1", "--json").out)
    assert facts["matches"] is True
    assert facts["entry"]["id"] == 1
    assert facts["hit"] == {
        "id": 1, "state": "kept", "reason": "baseline: it was in the feed's first document",
        "starred": False, "note": "",
    }  # fmt: skip
    (tree,) = facts["clauses"]
    assert [part["holds"] for part in tree["parts"]] == [True, True]
    assert facts["spans"][0]["text"] == "Cuba"


def test_a_document_may_come_as_json_or_from_a_file(
    monitor: Call, directory: object, tmp_path: object
) -> None:
    done = monitor("explain", "Cuba", "-", stdin=b'{"title": "x", "content": "<p>In <b>Cu</b>ba."}')
    assert done.code == 0
    page = directory / "page.txt"  # type: ignore[operator]
    page.write_text("nothing", encoding="utf-8")
    assert monitor("explain", "Cuba", "--file", page).code == 1
    assert monitor("explain", "Cuba", "-", stdin=b"[").code == 2


def test_a_name_that_several_entries_have_lists_them(monitor: Call, desk: Desk) -> None:
    desk.poll(entry("a", "Power cut in Havana"), entry("b", "Power is back"), now=NOW)
    done = monitor("explain", "Cuba", "power")
    assert done.code == 2
    assert "error: several entries are called so:" in done.err
    for line in ("Power is back (Alpha Wire)", "Power cut in Havana (Alpha Wire)"):
        assert line in done.err


def test_what_is_not_there_is_told_in_words(monitor: Call, desk: Desk) -> None:
    assert monitor("explain", "Cuba", "nowhere").err.startswith("error: no entry has the id, URL or guid")
    assert "did you mean 'Cuba'?" in monitor("explain", "Cubba", "1").err
    assert monitor("explain", "Cuba").err.startswith("error: name one ENTRY")
    assert monitor("explain").code == 2
