"""A notice: something that the monitor has to say of itself. Data only; any part may make one.

`monitor/noticing.py` takes notices in as hits of the topic `_monitor`, so that routes, groups, receivers and
`monitor hits` treat them like all others.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from monitor.records import dataclass

TOPIC = "_monitor"
"""The topic of every notice; no topic of a watchlist may be called so."""
NOTICE_URL = "monitor:notices"
"""The address of the feed whose entries they are; nobody polls it."""

Severity = Literal["info", "warning", "critical"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What happened, in words. `key` names the happening: a second notice of the same key is told to nobody.

    `title` says it in a line, `text` (plain) explains it. `kind` and `severity` are labels, and so are
    `labels`; the label `topic` is always `_monitor`.
    """

    key: str
    kind: str
    title: str
    text: str = ""
    link: str = ""
    severity: Severity = "warning"
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_labels(self) -> dict[str, str]:
        """What routes see of it."""
        return {**self.labels, "topic": TOPIC, "kind": self.kind, "severity": self.severity}
