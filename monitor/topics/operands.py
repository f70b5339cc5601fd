"""What can stand beside which operator, and why something can not. Pure."""

from monitor.errors import QueryError
from monitor.topics.query import Alias, And, At, In, Near, Node, Not, Or, Phrase, Regex, Term


def is_negative(node: Node) -> bool:
    """Whether the node only says what must not be there."""
    if isinstance(node, And):
        return all(isinstance(part, Not) for part in node.parts)
    return isinstance(node, Not)


def is_positional(node: Node) -> bool:
    """Whether something can be near it: words, phrases, and OR, NEAR and fields over them."""
    match node:
        case Term() | Phrase() | Near():
            return True
        case In(part=part) | Alias(part=part):
            return is_positional(part)
        case Or(parts=parts):
            return all(is_positional(part) for part in parts)
    return False


def not_positional(node: Node, at: At) -> QueryError:
    """Why NEAR can not have this beside it; inside an alias the place is the alias's."""
    match node:
        case Alias(part=part):
            return not_positional(part, node.at if at is node.at else at)
        case Not():
            return _error("NOT can not stand beside NEAR", at, "exclude the whole: a NOT (b NEAR/5 c)")
        case Regex():
            return _error(
                "a regular expression can not stand beside NEAR",
                at,
                "NEAR joins words, phrases and ORs of them",
            )
        case In(part=part):
            return not_positional(part, part.at)
        case Or(parts=parts):
            part = next(part for part in parts if not is_positional(part))
            return not_positional(part, part.at)
    hint = "put a phrase in quotes; otherwise write (a NEAR/5 c) AND (b NEAR/5 c)"
    return _error("AND can not stand beside NEAR", at, hint)


def _error(message: str, at: At, hint: str) -> QueryError:
    return QueryError(message, start=at.start, end=at.end, hint=hint)
