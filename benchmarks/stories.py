"""How well entries are put into stories, one after the other, and how fast with a full window.

    python -m benchmarks.stories [CORPORA] [--json] [--windows 10000 500000]

Three-outlet events (title and lead; AllSides' round-ups) are streamed in four ways: by the dates that the
corpora know for a quarter of them, on a made-up calendar of 3 and of 20 events a day, their entries within
twelve hours, and all in one day without any date. Beside them a quarter of an hour of headlines alone that
tell two dozen large stories at once, and judged pairs with whole texts, mostly Russian. A hash of the event
splits them: what has a parameter, the two plain ways too, was tuned on one half; the other is reported.

Plain ways, in the same run: title-Jaccard (the share of two titles' words that both have) and SimHash of 64
bits over title and lead. An entry goes to the story of the likest entry of the last two days, if that is like
enough. Times are the processor's.
"""

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from benchmarks.corpora import arguments, article_texts, json_lines, machine, memory_mb, table
from monitor.stories.piece import Piece
from monitor.stories.stories import Stories
from monitor.stories.terms import words_of
from monitor.stories.window import WINDOW

START = datetime(2020, 1, 1, tzinfo=UTC)
WINDOWS = (10_000, 500_000)
TIMED = 1_500
"""Entries that are placed to time a full window."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of a stream and the event that it tells."""

    piece: Piece
    event: str


Way = Callable[[Sequence[Piece]], list[int]]
"""Places a stream: the story of each piece."""


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__.partition("\n")[0])
    options.add_argument("--windows", type=int, nargs="*", default=WINDOWS, help="pieces in the window")
    chosen = options.parse_args()
    result: dict[str, Any] = {
        "machine": machine(),
        "quality": quality(chosen.corpora),
        "pairs": pairs(chosen.corpora),
        "speed": [speed(chosen.corpora, size) for size in chosen.windows],
    }
    if chosen.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['machine']}\n\nquality, other half\n{table(result['quality'])}\n")
    print(f"judged pairs\n{table(result['pairs'])}\n\nspeed\n{table(result['speed'])}")


# --- quality ----------------------------------------------------------------------------------------------


def quality(corpora: Path) -> list[dict[str, Any]]:
    """Every stream, placed in every way."""
    rows = []
    for name, tuning, other in streams(corpora):
        rows.append({"stream": name, "way": "stories", **score(ours, other)})
        for way, strictness in (("title-Jaccard", jaccard), ("SimHash", simhash)):
            best = tuned(strictness, tuning)
            rows.append({"stream": name, "way": f"{way} {best}", **score(strictness(best), other)})
    return rows


def streams(corpora: Path) -> Iterator[tuple[str, list[Told], list[Told]]]:
    """Each stream's name, its half for tuning and the other."""
    events = list(json_lines(corpora / "clusters" / "neus_events.jsonl.gz"))
    known = dates(corpora, events)
    dated = [event for event in events if event["cluster"] in known]
    yield "dated", *halves(dated, lambda event, _: known[event["cluster"]])
    for a_day in (3, 20):
        yield f"{a_day} a day", *halves(events, lambda event, days: _hash(event["cluster"]) % days, a_day)
    yield "one day", *halves(events, lambda _event, _days: 0)
    headlines = list(json_lines(corpora / "clusters" / "uci_stories_2014.jsonl.gz"))
    yield "headlines", *halves(headlines, lambda _event, _days: 0)


def halves(
    events: Sequence[dict[str, Any]], day_of: Callable[[dict[str, Any], int], int], a_day: int = 1
) -> tuple[list[Told], list[Told]]:
    """The two halves, each streamed in the order of time."""
    split: tuple[list[dict[str, Any]], ...] = ([], [])
    for event in events:
        split[_hash(f"half {event['cluster']}") % 2].append(event)
    tuning, other = (_stream(half, day_of, days=max(1, len(half) // a_day)) for half in split)
    return tuning, other


def dates(corpora: Path, events: Iterable[dict[str, Any]]) -> dict[str, int]:
    """The day of each event of which the corpora hold an article with its date."""
    days = {}
    for article in json_lines(corpora / "articles" / "allsides_articles_2012-2020.jsonl.gz"):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", article["date"][:10]):
            days[_bare(article["title"])] = date.fromisoformat(article["date"][:10]).toordinal()
    found = {}
    for event in events:
        told = [days[title] for doc in event["docs"] if (title := _bare(doc["title"])) in days]
        if told:
            found[event["cluster"]] = min(told)
    return found


def tuned(way: Callable[[float], Way], stream: Sequence[Told]) -> float:
    """The strictness that gives the best B-cubed F1 at a pairwise precision of 0.95, or the strictest."""
    strictnesses = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8) if way is jaccard else (14, 12, 10, 8, 6, 3)
    scores = {strictness: score(way(strictness), stream) for strictness in strictnesses}
    good = [key for key, each in scores.items() if each["precision"] >= 0.95]
    return max(good, key=lambda key: scores[key]["B-cubed F1"], default=strictnesses[-1])


def score(way: Way, stream: Sequence[Told]) -> dict[str, Any]:
    """B-cubed F1, and precision and recall of pairs."""
    begun = time.process_time()
    placed = way([told.piece for told in stream])
    rate = len(stream) / (time.process_time() - begun)
    events = [told.event for told in stream]
    in_story, in_event = Counter(placed), Counter(events)
    in_both = Counter(zip(placed, events, strict=True))
    shares = list(zip(placed, events, strict=True))
    precision = sum(in_both[one] / in_story[one[0]] for one in shares) / len(stream)
    recall = sum(in_both[one] / in_event[one[1]] for one in shares) / len(stream)
    right = _pairs(in_both.values())
    return {
        "entries": len(stream),
        "B-cubed F1": round(2 * precision * recall / (precision + recall), 3),
        "precision": round(right / max(1, _pairs(in_story.values())), 3),
        "recall": round(right / _pairs(in_event.values()), 3),
        "a second": round(rate),
    }


def pairs(corpora: Path) -> list[dict[str, Any]]:
    """Judged pairs, all in one day: how many of those that are the same ended in one story."""
    rows = []
    judged = list(json_lines(corpora / "clusters" / "tgcontest_pairs_2020.jsonl.gz"))
    texts = {doc["url"]: doc for pair in judged for doc in (pair["a"], pair["b"])}
    for name, bodies in (("title and body", True), ("title", False)):
        stories = dict(
            zip(texts, ours([_piece(n, doc, 0, bodies) for n, doc in enumerate(texts.values())]), strict=True)
        )
        joined = [(pair["same"], stories[pair["a"]["url"]] == stories[pair["b"]["url"]]) for pair in judged]
        counts = Counter(joined)
        rows.append(
            {
                "text": name,
                "same, joined": f"{counts[True, True]}/{counts[True, True] + counts[True, False]}",
                "other, joined": f"{counts[False, True]}/{counts[False, True] + counts[False, False]}",
            }
        )
    return rows


# --- the ways ---------------------------------------------------------------------------------------------


def ours(pieces: Sequence[Piece]) -> list[int]:
    """The monitor's own way, merges included."""
    stories, story_of = Stories(), {}
    pieces_of: defaultdict[int, list[int]] = defaultdict(list)
    for piece in pieces:
        placed = stories.place(piece)
        for absorbed in placed.absorbed:
            pieces_of[placed.story].extend(pieces_of.pop(absorbed))
        pieces_of[placed.story].append(piece.id)
    for story, members in pieces_of.items():
        story_of.update(dict.fromkeys(members, story))
    return [story_of[piece.id] for piece in pieces]


def jaccard(strictness: float) -> Way:
    """By the words of the titles."""

    def words(piece: Piece) -> frozenset[str]:
        return frozenset(words_of(piece.title))

    return _likest(words, lambda one, other: len(one & other) / (len(one | other) or 1), strictness, _by_word)


def simhash(strictness: float) -> Way:
    """By SimHash: at most so many of 64 bits differ."""
    return _likest(_simhash, lambda one, other: -(one ^ other).bit_count(), -strictness, lambda _: ("",))


def _likest(
    sign: Callable[[Piece], Any],
    likeness: Callable[[Any, Any], float],
    least: float,
    keys: Callable[[Any], Iterable[Any]],
) -> Way:
    def place(pieces: Sequence[Piece]) -> list[int]:
        stories: list[int] = []
        signs: list[Any] = []
        index: defaultdict[Any, list[int]] = defaultdict(list)
        for number, piece in enumerate(pieces):
            own = sign(piece)
            near = {
                place
                for key in keys(own)
                for place in index[key]
                if piece.at - pieces[place].at < timedelta(days=2)
            }
            best = max(near, key=lambda place: (likeness(own, signs[place]), place), default=None)
            joins = best is not None and likeness(own, signs[best]) >= least
            stories.append(stories[best] if joins and best is not None else number)
            signs.append(own)
            for key in keys(own):
                index[key].append(number)
        return stories

    return place


def _by_word(words: frozenset[str]) -> Iterable[str]:
    return words


def _simhash(piece: Piece) -> int:
    sums = [0] * 64
    for word in words_of(f"{piece.title} {piece.lead}"):
        number = _hash(word)
        for bit in range(64):
            sums[bit] += 1 if number >> bit & 1 else -1
    return sum(1 << bit for bit in range(64) if sums[bit] > 0)


# --- speed ------------------------------------------------------------------------------------------------


def speed(corpora: Path, size: int) -> dict[str, Any]:
    """Entries a second with so many in the window, and the memory that they take."""
    made = soup(corpora, size + TIMED)
    before, stories = memory_mb(), Stories()
    begun = time.process_time()
    for piece in made[:size]:
        stories.recall(piece, story=piece.id)
    filled = time.process_time() - begun
    taken = []
    for piece in made[size:]:
        begun = time.process_time()
        stories.place(piece)
        taken.append(time.process_time() - begun)
    return {
        "in the window": size,
        "placed a second": round(TIMED / sum(taken)),
        "median ms": round(median(taken) * 1000, 2),
        "99 of 100 ms": round(sorted(taken)[TIMED * 99 // 100] * 1000, 2),
        "recalled a second": round(size / filled),
        "MB": round(memory_mb() - before),
    }


def soup(corpora: Path, size: int) -> list[Piece]:
    """Entries of three sentences each, drawn from all articles: as many as asked, few of them copies."""
    sentences = [
        sentence
        for _, text in article_texts(corpora)
        for sentence in re.split(r"(?<=[.!?。])\s*", text)
        if 30 < len(sentence) < 300
    ]
    draw = Random(6)
    step = WINDOW * 0.9 / size
    return [
        Piece(
            id=number,
            title=draw.choice(sentences)[:90],
            lead=f"{draw.choice(sentences)} {draw.choice(sentences)}",
            at=START + step * number,
        )
        for number in range(size)
    ]


def _stream(
    events: Iterable[dict[str, Any]], day_of: Callable[[dict[str, Any], int], int], *, days: int
) -> list[Told]:
    told = [(day_of(event, days), doc, event["cluster"]) for event in events for doc in event["docs"]]
    first = min(day for day, _, _ in told)
    numbered = enumerate(told)
    stream = [
        Told(_piece(number, doc, day - first, bodies=True), event) for number, (day, doc, event) in numbered
    ]
    return sorted(stream, key=lambda one: (one.piece.at, one.piece.id))


def _piece(number: int, doc: dict[str, Any], day: int, bodies: bool) -> Piece:
    at = START + timedelta(days=day) + timedelta(hours=12) * (_hash(doc["title"]) % 1000 / 1000)
    if "ts" in doc:
        at = datetime.fromtimestamp(doc["ts"], UTC)
    lead, publisher = doc.get("text", "") if bodies else "", doc.get("host", "")
    return Piece(id=number, title=doc["title"], lead=lead, at=at, publisher=publisher)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _bare(title: str) -> str:
    return re.sub(r"\W+", "", title.lower())


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


if __name__ == "__main__":
    main()
