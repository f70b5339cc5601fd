"""Users' templates: the only file that knows Jinja2. What is wrong in one has its file and line.

A template can loop, compare and format; it sees the values of written.py and nothing else, and what it prints
of them is escaped for the service. `fill` runs in a child process that can be killed: nothing here limits
time and memory.
"""

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import tzinfo
from html.parser import HTMLParser
from typing import Any, Literal

from monitor.alerts.alert import MAX_SHOWN, Alert
from monitor.alerts.cut import Unit, cut
from monitor.alerts.defuse import defuse_text
from monitor.alerts.markup import EXACT, TERMINAL, Dialect
from monitor.alerts.message import Message
from monitor.alerts.render import MAY_REPEAT
from monitor.alerts.services import Service, service_named
from monitor.alerts.signature import Offer
from monitor.alerts.written import Writer
from monitor.errors import TemplateError

Part = Literal["title", "text", "html"]
PARTS: tuple[Part, ...] = ("title", "text", "html")

MAX_SOURCE = 100_000
"""Characters of a template."""
_MAX_OUTPUT = 200_000
_SHOWN = (MAX_SHOWN, 20, 10, 5, 3, 1)
"""So many hits are tried, until the message fits."""

_NAMES = frozenset({"acts", "alert", "hits", "more", "topics", "bold", "link"})
_REFUSED = frozenset(
    {"script", "iframe", "object", "embed", "form", "input", "img", "link", "svg", "math", "base", "video"}
)
_FETCHED = re.compile(r"url\(|@import|expression|\\", re.IGNORECASE)
_LINK = re.compile(r"(?:https?|mailto):|#", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a user wrote in place of our own title, text or HTML; `files` name the sources."""

    sources: Mapping[Part, str]
    files: Mapping[Part, str]


def check(source: str) -> tuple[str, int] | None:
    """What is wrong with a template's text, and in which line; None if nothing that can be known before.

    It is read and not compiled: compiling works out what is constant, however large that is.
    """
    import jinja2

    if len(source) > MAX_SOURCE:
        return f"this template is too large: {MAX_SOURCE:,} characters at most", 1
    environment = _environment()
    try:
        tree = environment.parse(source)
    except jinja2.TemplateSyntaxError as error:
        return error.message or "this is no template", error.lineno
    return next(_wrong(tree, environment), None)


def _wrong(tree: Any, environment: Any) -> Iterator[tuple[str, int]]:
    from jinja2 import nodes

    unusable = (nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
    for node in tree.find_all((*unusable, nodes.AssignBlock, nodes.FilterBlock)):
        yield f"`{type(node).__name__.lower()}` is not for these templates", node.lineno
    names = list(tree.find_all(nodes.Name))
    known = _NAMES | {"loop"} | {name.name for name in names if name.ctx == "store"}
    for name in names:
        if name.name not in known:
            yield f"there is no `{name.name}`; known here: {', '.join(sorted(_NAMES))}", name.lineno
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        if node.name not in (environment.filters if isinstance(node, nodes.Filter) else environment.tests):
            yield f"there is no {type(node).__name__.lower()} `{node.name}`", node.lineno


def fill(
    template: Template,
    own: Message,
    alert: Alert,
    *,
    zone: tzinfo,
    service: str,
    may_repeat: bool = False,
    offers: tuple[Offer, ...] = (),
) -> Message:
    """Our own message with the template's parts in place of ours; raises TemplateError."""
    takes = service_named(service)
    made = own
    if takes.title and "title" in template.sources:
        made = replace(made, title=_title(template, alert, takes, zone, offers))
    if "text" in template.sources:
        # Marks that are places in a text are places in our own only.
        dialect = EXACT if takes.dialect is TERMINAL else takes.dialect
        writer = Writer(dialect=dialect, zone=zone, offers=offers)
        text = _fitted(template, "text", alert, writer, takes.text, takes.unit, may_repeat)
        made = replace(made, text=text, marks=())
    if takes.html is not None and "html" in template.sources:
        writer = Writer(dialect=takes.html, zone=zone, offers=offers)
        html = _fitted(template, "html", alert, writer, takes.html_limit, "characters", may_repeat)
        if reason := _active(html):
            raise TemplateError(f"{template.files['html']}: {reason}")
        made = replace(made, html=html)
    return made


def _title(template: Template, alert: Alert, takes: Service, zone: tzinfo, offers: tuple[Offer, ...]) -> str:
    """A title is plain text; of many lines it is made one."""
    dialect = takes.dialect if takes.dialect.format == "text" else EXACT
    page = _Page(template, "title", Writer(dialect=dialect, zone=zone, offers=offers))
    return cut(" ".join(page.filled(alert, shown=MAX_SHOWN).split()), takes.title, takes.unit)


def _fitted(
    template: Template,
    part: Part,
    alert: Alert,
    writer: Writer,
    limit: int,
    unit: Unit,
    may_repeat: bool,
) -> str:
    """With as many hits as fit, and at its end what every message must say."""
    page = _Page(template, part, writer)
    for shown in _SHOWN:
        made = page.filled(alert, shown=shown, may_repeat=may_repeat)
        made = _with_last_lines(made, alert, writer.dialect, may_repeat=may_repeat)
        if writer.dialect.size(made, unit) <= limit:
            return made
    raise TemplateError(f"{template.files[part]}: it makes more than the {limit:,} {unit} that fit")


def _with_last_lines(made: str, alert: Alert, dialect: Dialect, *, may_repeat: bool) -> str:
    """The alert's id stands in every message, and so does that it may repeat another."""
    missing = [line for line in (MAY_REPEAT if may_repeat else "", alert.id) if line and line not in made]
    if not missing:
        return made
    end = dialect.paragraph(dialect.fine(dialect.escape(line)) for line in missing)
    # In a page this is the template's own: what comes from strangers is escaped there, and only there.
    before, closing, after = made.rpartition("</body>" if dialect.format == "html" else "\0")
    return f"{before}{end}{closing}{after}" if closing else f"{made.rstrip()}{dialect.between}{end}"


class _Page:
    """A part of a template, ready to be filled."""

    def __init__(self, template: Template, part: Part, writer: Writer) -> None:
        self._file = template.files[part]
        self._writer = writer
        self._environment = _environment(writer.escaped)
        with self._named():
            self._code = self._environment.compile(template.sources[part], filename=self._file)

    def filled(self, alert: Alert, *, shown: int, may_repeat: bool = False) -> str:
        """What it prints of this alert."""
        import jinja2

        with self._named():
            page = jinja2.Template.from_code(self._environment, self._code, {})
            values = self._writer.values(alert, shown=shown, may_repeat=may_repeat)
            return "".join(self._counted(page.generate(values)))

    def _counted(self, pieces: Iterator[str]) -> Iterator[str]:
        length = 0
        for piece in pieces:
            length += len(piece)
            if length > _MAX_OUTPUT:
                raise TemplateError(f"{self._file}: it prints more than {_MAX_OUTPUT:,} characters")
            yield piece

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Whatever a template's expressions raise is the template's, with its file and line."""
        try:
            yield
        except (TemplateError, MemoryError):
            raise
        except Exception as error:
            words = cut(defuse_text(str(error)), 300) or type(error).__name__
            raise TemplateError(f"{self._file}:{_line_of(error, self._file)}: {words}") from error


def _environment(finalize: Callable[[object], str] | None = None) -> Any:
    """Templates in a sandbox: no attributes that begin with an underscore, nothing that changes a value.

    Nothing is escaped by Jinja2: what an expression prints goes through `finalize`, which knows the dialect.
    """
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=finalize
    )
    environment.globals = {}  # no range, no lipsum: whatever counts high is there to keep somebody waiting
    return environment


def _line_of(error: Exception, file: str) -> int:
    """The line of the template where it went wrong."""
    if (line := getattr(error, "lineno", None)) is not None:
        return int(line)
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 1 for frame in reversed(frames) if frame.filename == file), 1)


class _Actives(HTMLParser):
    """Looks for what acts or fetches: no mail needs it, and a value could have got into it."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _REFUSED:
            self.found = self.found or f"<{tag}> is not for mails and chats"
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "srcset", "background", "action"):
                self.found = self.found or f'the attribute "{name}" is not for mails and chats'
            elif name == "style" and _FETCHED.search(value or ""):
                self.found = self.found or "a style fetches something"
            elif name == "href" and not _LINK.match(value or ""):
                self.found = self.found or "a link leads to something that is not http, https or mailto"

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style" and _FETCHED.search(data):
            self.found = self.found or "a style fetches something"


def _active(html: str) -> str:
    """What in a page acts or is fetched, in words; "" if nothing does."""
    parser = _Actives()
    parser.feed(html)
    parser.close()
    return parser.found
