"""A feed that is remembered between documents, as the store does it but in dictionaries."""

from collections.abc import Sequence

from monitor.feeds.entry import Entry
from monitor.feeds.identity import Known, Recognised, Recognition, keys_of, recognise


class Remembered:
    """What is known of a feed; `poll` takes in a document and tells what each entry is."""

    def __init__(self) -> None:
        self.identity = "guid"
        self.notes: list[str] = []
        self.told: list[Entry] = []
        self.revised = 0
        self._ids: dict[bytes, int] = {}
        self._contents: dict[int, bytes] = {}

    def poll(self, *entries: Entry) -> list[Recognised]:
        """The document's entries, recognised and remembered."""
        found = self.look(entries)
        self.identity = found.identity
        if found.note:
            self.notes.append(found.note)
        for one in found.items:
            self._remember(one)
        return list(found.items)

    def look(self, entries: Sequence[Entry]) -> Recognition:
        """The document's entries, recognised and not remembered."""
        keys = [keys_of(entry) for entry in entries]
        known = {
            key: Known(entry_id=self._ids[key], content_hash=self._contents[self._ids[key]])
            for key in {key for one in keys for key in one.all} & self._ids.keys()
        }
        return recognise(entries, keys, known, self.identity)

    def new(self, *entries: Entry) -> list[str]:
        """The titles that a document tells."""
        return [one.entry.title for one in self.poll(*entries) if one.verdict == "new"]

    def _remember(self, one: Recognised) -> None:
        if one.verdict == "seen":
            return
        entry_id = one.entry_id
        if entry_id is None:
            self.told.append(one.entry)
            entry_id = len(self.told)
        else:
            self.revised += 1
        self._contents[entry_id] = one.content_hash
        for key in one.keys:
            self._ids[key] = entry_id
