"""The alert that tries a receiver: made up, and says so. Pure."""

from datetime import datetime

from monitor.alerts.alert import Alert, AlertHit, Marked
from monitor.alerts.alert_id import alert_id

TOPIC = "Test"


def trial_alert(receiver: str, *, now: datetime) -> Alert:
    """An alert to this receiver that is about nothing but itself."""
    headline = f"This is a test of the receiver {receiver}"
    key = f"test:{receiver}"
    hit = AlertHit(
        hit_id=0,
        topic=TOPIC,
        labels={"topic": TOPIC},
        found_at=now,
        headline=_marked(headline, "test"),
        snippets=(
            _marked("It came the way of every alert. The words that matched are marked so.", "marked"),
        ),
        clauses=("test",),
        feed="feed-monitor",
    )
    return Alert(
        id=alert_id(key, now, ()),
        receiver=receiver,
        group_key=key,
        group_labels={"topic": TOPIC},
        created_at=now,
        hits=(hit,),
    )


def _marked(text: str, word: str) -> Marked:
    start = text.index(word)
    return Marked(text=text, marks=((start, start + len(word), word),))
