"""Whether a topic that does not match could, if there were more text: decides what is worth fetching.

A clause in the text may yet appear; one in another field is there or is not. Errs on the side of yes.
"""

from monitor.topics.document import TEXT_FIELDS, Document
from monitor.topics.matcher import CompiledTopic
from monitor.topics.parts import AllOf, AnyOf, NearBy, Part, Somewhere, walk
from monitor.topics.sheet import Sheet, lay_out

_GROWS = frozenset(TEXT_FIELDS[1:])
"""The fields that more text is added to: all of the text but the title."""


def could_match(topic: CompiledTopic, document: Document) -> bool:
    """Whether the topic may match the document once more of its text is known."""
    if not (topic.takes_feed(document) and topic.takes_language(document)):
        return False
    return _may(topic.part, lay_out(document, topic.fields))


def _may(part: Part, sheet: Sheet) -> bool:
    match part:
        case Somewhere(fields=fields):
            return bool(fields & _GROWS) or part.match(sheet) is not None
        case AllOf(wanted=wanted, unwanted=unwanted):
            return all(_may(one, sheet) for one in wanted) and not any(_stays(one, sheet) for one in unwanted)
        case AnyOf(alternatives=alternatives):
            return any(_may(one, sheet) for one in alternatives)
        case NearBy(left=left, right=right):
            return _may(left, sheet) and _may(right, sheet)
    return True


def _stays(part: Part, sheet: Sheet) -> bool:
    """Whether it matches, whatever is added: an exception of an exception may yet appear."""
    has_exceptions = any(isinstance(one, AllOf) and one.unwanted for one in walk(part))
    return not has_exceptions and part.match(sheet) is not None
