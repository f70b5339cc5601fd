"""Parsed entries → new entries + hits, in one commit. Polls, pushes and replays end here.

    which ids are known     store.known_keys → identity.recognise
    place                   the entry's story and origin
    percolate               words, and where one is asked for the document → matches
    ONE COMMIT              entries + revisions + stories + hits + feed states, validators with their entries

Does not decide when a feed is polled again, what is news (news.py), nor who hears of a hit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from monitor.arrival import Arrival, FoundEntry, Ingested
from monitor.feeds.cadence import sooner, tightened
from monitor.feeds.entry import Parsed
from monitor.feeds.identity import Recognised, Recognition, keys_of, recognise
from monitor.feeds.overrun import lost_words, ran_over
from monitor.feeds.rhythm import Rhythm, learnt
from monitor.feeds.shown import NO_ENTRY, Shown
from monitor.feeds.state import FeedState
from monitor.feeds.wishes import wishes_of
from monitor.indexing import index_all
from monitor.matched import Matched, match_all, store_hits, wish_pages
from monitor.news import Showing, showing_of
from monitor.presence import doubt, shown_now
from monitor.quiet import nothing_new
from monitor.steps import Steps, in_step
from monitor.storing import changed_rows, changed_words, store_entries
from monitor.telling import Telling, told_again
from monitor.unplaced import place_all
from monitor.watch import Watch

if TYPE_CHECKING:
    from monitor.placer import Placer
    from monitor.store.intake import IntakeStore

MISSED = "its hub had not told what this poll found: polled as without it until it tells again"


def ingest(
    store: "IntakeStore",
    arrivals: Iterable[Arrival],
    *,
    watch: Watch,
    now: datetime,
    placer: "Placer | None" = None,
) -> tuple[Ingested, ...]:
    """Take in what arrived, of one feed or of several, in one commit.

    With a `placer` new entries are placed in their stories and indexed, and those before them that wait for
    that. Without one they wait (see unplaced.py and indexing.py).
    """
    return ingest_joined(store, [arrivals], watch=watch, now=now, placer=placer)


def ingest_joined(
    store: "IntakeStore",
    groups: Iterable[Iterable[Arrival]],
    *,
    watch: Watch,
    now: datetime,
    placer: "Placer | None" = None,
) -> tuple[Ingested, ...]:
    """The same of groups, each asked for when the one before is taken in but not yet committed."""
    with store.transaction():
        if placer is not None:
            place_all(store.whole(), placer)
            index_all(store.whole())
        ingested: list[Ingested] = []
        for some in chain.from_iterable(map(_no_feed_twice, groups)):
            works = [_ingest_one(store, one, watch=watch, placer=placer, now=now) for one in some]
            ingested += in_step(works)
        return tuple(ingested)


def _no_feed_twice(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """The arrivals in groups: what a feed showed first is stored before what it showed then is looked at."""
    group: dict[int, Arrival] = {}
    for arrival in arrivals:
        if arrival.state.feed_id in group:
            yield list(group.values())
            group = {}
        group[arrival.state.feed_id] = arrival
    yield list(group.values())


def _ingest_one(
    store: "IntakeStore", arrival: Arrival, *, watch: Watch, placer: "Placer | None", now: datetime
) -> Steps[Ingested]:
    state, parsed = arrival.state, arrival.parsed
    if parsed is None:
        return nothing_new(store, arrival, now=now)
    recognition, why = yield from _recognised(store, arrival, parsed)
    if why:
        return Ingested(arrival=arrival, state=state, doubt=why)
    yield
    lost = _lost(store, arrival, recognition.items, now=now)
    yield
    placed, matched = yield from _stored(
        store, arrival, recognition.items, watch=watch, index_later=placer is None, now=now
    )
    yield
    showing = showing_of(state, heard_at=arrival.heard_at, now=now)
    tellings = _place(store, matched, arrival, showing=showing, placer=placer, now=now)
    hits = store_hits(store, matched, arrival, watch=watch, showing=showing, tellings=tellings, now=now)
    wished = wish_pages(store, matched, arrival, watch=watch, showing=showing, now=now)
    yield
    found = [one.found for one in matched]
    shown = _as_shown(store, arrival, parsed, placed, now=now)
    learned = _learned(state, found, shown, identity=recognition.identity, showing=showing, now=now)
    yield
    return Ingested(
        arrival=arrival,
        state=_save(store, arrival, learned, found, lost=lost, odd=recognition.note, now=now),
        baseline=showing.baseline,
        entries=tuple(found),
        hits=tuple(hits),
        wished=wished,
        lost=lost,
        odd=recognition.note,
    )


def _recognised(store: "IntakeStore", arrival: Arrival, parsed: Parsed) -> Steps[tuple[Recognition, str]]:
    """Which entries the document's are, and why that is in doubt, "" where it is not."""
    state, prepared = arrival.state, arrival.prepared
    keys = prepared.keys if prepared else [keys_of(entry) for entry in parsed.entries]
    yield
    known = store.known_keys(state.feed_id, (key for one in keys for key in one.all))
    yield
    recognition = recognise(parsed.entries, keys, known, state.identity)
    return recognition, doubt(recognition, known, identity=state.identity, left_out=arrival.left_out)


def _stored(
    store: "IntakeStore",
    arrival: Arrival,
    items: Sequence[Recognised],
    *,
    watch: Watch,
    index_later: bool,
    now: datetime,
) -> Steps[tuple[list[tuple[Recognised, int]], list[Matched]]]:
    """Store what is new or edited: all items with their ids, and what was stored with its matches."""
    words = changed_words(arrival, items)
    may_match = watch.percolator.may_match(words)
    yield
    rows = changed_rows(arrival, items, words, index_later=index_later)
    yield
    placed, found = store_entries(store, arrival, items, rows, now=now)
    yield
    return placed, match_all(watch, found, may_match)


def _learned(
    state: FeedState,
    found: Sequence[FoundEntry],
    shown: Mapping[str, Any],
    *,
    identity: str,
    showing: Showing,
    now: datetime,
) -> FeedState:
    """What is known of the feed after this document."""
    return replace(
        state,
        **shown,
        identity=identity,
        baseline_at=state.baseline_at or now,
        last_new_at=now if any(not one.revised for one in found) else state.last_new_at,
        rhythm=_rhythm(state, showing, found, now=now),
    )


def _lost(
    store: "IntakeStore", arrival: Arrival, items: Sequence[Recognised], *, now: datetime
) -> timedelta | None:
    """Say which entries are in the document; from how long entries may be missing, None for none."""
    parsed, feed_id = arrival.parsed, arrival.state.feed_id
    if parsed is None or _is_empty(parsed):  # it says nothing: what was in the one before may come again
        return None
    if arrival.push is not None:  # it holds only what is new, and says nothing of the rest
        return None
    seen = (item.entry_id or NO_ENTRY for item in items)
    present = {*arrival.left_out.values(), *seen} - {NO_ENTRY}
    was = store.mark_present(feed_id, present, now=now)
    new = sum(item.entry_id is None for item in items)
    shown = len(present) + new
    if not arrival.heard_at or not ran_over(before=was.before, stayed=was.stayed, shown=shown, new=new):
        return None
    store.whole().add_gap(feed_id, from_at=arrival.heard_at, to_at=now)
    return now - arrival.heard_at


def _rhythm(state: FeedState, showing: Showing, found: Sequence[FoundEntry], *, now: datetime) -> Rhythm:
    """A first document, and what has heaped up while nobody looked, say nothing of a rhythm."""
    says = not showing.baseline and not showing.silence
    return learnt(state.rhythm, sum(not one.revised for one in found) if says else 0, at=now)


def _is_empty(parsed: Parsed) -> bool:
    return not parsed.entries and not parsed.left_out


def _save(
    store: "IntakeStore",
    arrival: Arrival,
    learned: FeedState,
    found: Sequence[FoundEntry],
    *,
    lost: timedelta | None,
    odd: str,
    now: datetime,
) -> FeedState:
    """Keep the state; a hub that has not told what a poll found is not relied upon until it tells again."""
    if lost:
        learned = tightened(learned, lost, now=now)
    note = odd or (lost_words(lost) if lost else "")
    if arrival.push is not None:
        store.whole().save_push(arrival.push, learned, now=now)
        return learned
    if learned.pushed_until and any(not one.revised for one in found):
        store.whole().say_missed(learned.feed_id, now=now)
        learned, note = replace(learned, pushed_until=None), note or MISSED
    at = sooner(arrival.next_poll_at, arrival.state, learned, now=now)
    store.save_poll(learned, next_poll_at=at, note=note or arrival.note)
    return learned


def _as_shown(
    store: "IntakeStore",
    arrival: Arrival,
    parsed: Parsed,
    placed: Sequence[tuple[Recognised, int]],
    *,
    now: datetime,
) -> dict[str, Any]:
    """What a whole document says of its feed's state; of a push, what came is in no document yet."""
    if arrival.push is not None:
        store.mark_absent([entry_id for one, entry_id in placed if one.entry_id is None], now=now)
        return {}
    wishes = wishes_of(parsed.feed)
    if _is_empty(parsed):
        return {"wishes": wishes, "empty_since": arrival.state.empty_since or now}
    shown = _shown(store, arrival, parsed, placed, now=now)
    return {"wishes": wishes, "empty_since": None, "shown": shown}


def _shown(
    store: "IntakeStore",
    arrival: Arrival,
    parsed: Parsed,
    placed: Sequence[tuple[Recognised, int]],
    *,
    now: datetime,
) -> Shown:
    before = arrival.state.shown
    shown = shown_now(before, parsed, placed, items=arrival.items, left_out=arrival.left_out, now=now)
    store.keep_shown(arrival.state.feed_id, shown)
    return shown


def _place(
    store: "IntakeStore",
    matched: Sequence[Matched],
    arrival: Arrival,
    *,
    showing: Showing,
    placer: "Placer | None",
    now: datetime,
) -> dict[int, Telling]:
    """The story and the origin of each entry; an edited one stays where it is.

    Of a first document, which is told to nobody, only those are placed that a topic matches: what else there
    is would take most of a first poll's time, and has nothing to add to what comes.
    """
    subscription = arrival.subscription
    all_new = bool(subscription.backfill) or not showing.baseline
    stays = {
        one.found.entry_id: telling
        for one in matched
        if one.found.revised and (telling := told_again(store.whole(), one.found.entry_id))
    }
    new = [
        one.found
        for one in matched
        if one.found.entry_id not in stays and (one.matches or (all_new and not one.found.revised))
    ]
    if placer is None:
        store.leave_unplaced([one.entry_id for one in new], owner=subscription.owner)
        return stays
    return stays | placer.place(store.whole(), new, subscription=subscription, now=now)
