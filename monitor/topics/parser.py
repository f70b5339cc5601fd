"""Parses queries, plain topics and aliases: the way into the topics room for text.

    parse("Cuba NOT baseball")                   a query
    parse_plain("Taiwan Strait")                 a plain topic: a phrase
    parse_aliases({"pla": ["PLA", "解放军"]})      once, for all queries that use them

Places in errors and warnings are character positions in the text that was given.
"""

from collections.abc import Mapping, Sequence

from monitor.topics.alias_values import parse_aliases
from monitor.topics.aliases import NO_ALIASES, Aliases, AliasProblem
from monitor.topics.grammar import parsed
from monitor.topics.limits import check_length
from monitor.topics.plain import alias_at_start, phrase_of, query_syntax
from monitor.topics.query import Query, QueryWarning

__all__ = ["AliasProblem", "Aliases", "Query", "QueryWarning", "parse", "parse_aliases", "parse_plain"]


def parse(
    text: str, *, aliases: Aliases | Mapping[str, Sequence[str]] | None = None, advise: bool = True
) -> Query:
    """The query's tree and what looks unintended in it; raises QueryError where it is wrong.

    Without `advise` nobody looks for what looks unintended, which takes most of the time.

    Aliases are best parsed once, with parse_aliases, and given to every call.
    """
    return parsed(text, _known(aliases), advise=advise)


def parse_plain(text: str, aliases: Aliases | Mapping[str, Sequence[str]] | None = None) -> Query:
    """A plain topic: a phrase, or a term where it is one word; a warning where it looks like a query.

    Raises QueryError where there is no word in it.
    """
    check_length(text)
    node = phrase_of(text)
    found = query_syntax(text)
    if found is None and (mention := alias_at_start(text)):
        known = _known(aliases)
        found = mention[1] if mention[0] in known.nodes or mention[0] in known.broken else None
    if found is None:
        return Query(node=node)
    what = " ".join(text[found.start : found.end].split())
    message = f"a plain topic is read as a phrase: {what} means nothing special in it"
    hint = "for a query, write query: and this text; for a phrase, leave it out"
    return Query(
        node=node, warnings=(QueryWarning(message=message, start=found.start, end=found.end, hint=hint),)
    )


def _known(aliases: Aliases | Mapping[str, Sequence[str]] | None) -> Aliases:
    if aliases is None:
        return NO_ALIASES
    return aliases if isinstance(aliases, Aliases) else parse_aliases(aliases)
