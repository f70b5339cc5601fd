"""alerts.yaml's `templates:`: whose messages are written by which files of the folder templates/, checked."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from monitor.alerts.services import SERVICES
from monitor.alerts.template import PARTS, Part, Template, check
from monitor.config import tree
from monitor.config.problem import Problem
from monitor.config.schema import AlertsFile, TemplateItem
from monitor.config.section import validate
from monitor.config.source import Source
from monitor.config.suggest import did_you_mean

FOLDER = "templates"

ReadTemplate = Callable[[str], Source | Problem]
"""Reads a file of the configuration's directory, by its path from there."""


def read_templates(
    root: tree.Node | None, *, receivers: Collection[str], read: ReadTemplate, problems: list[Problem]
) -> Mapping[str, Template]:
    """The templates by the receiver or the service that they are for."""
    section = validate(AlertsFile, root, []) if root else None  # what is wrong there was said already
    reader = _Templates(receivers=receivers, read=read, problems=problems)
    for node in (section.templates if section else None) or ():
        reader.add(node)
    return reader.found


@dataclass(kw_only=True)
class _Templates:
    receivers: Collection[str]
    read: ReadTemplate
    problems: list[Problem]
    found: dict[str, Template] = field(default_factory=dict)

    def add(self, node: tree.Node) -> None:
        item = validate(TemplateItem, node, self.problems)
        if item is None:
            return
        template = self._template(item)
        if not any((item.title, item.text, item.html)):
            hint = "title, text and html name files of the folder templates/"
            self.problems.append(node.problem("this template has no file", hint=hint))
        for name in item.for_:
            self._remember(name, template)

    def _remember(self, name: tree.Scalar, template: Template) -> None:
        wanted = name.text.strip()
        if wanted in self.found:
            self.problems.append(name.problem(f"there is a template for `{wanted}` already"))
        elif wanted not in self.receivers and wanted not in SERVICES:
            hint = did_you_mean(wanted, [*self.receivers, *SERVICES]) or "a receiver, or a service like slack"
            self.problems.append(name.problem(f"`{wanted}` is neither a receiver nor a service", hint=hint))
        else:
            self.found[wanted] = template

    def _template(self, item: TemplateItem) -> Template:
        read = dict(self._parts(item))
        return Template(
            sources={part: source.text for part, source in read.items()},
            files={part: f"{FOLDER}/{source.path.name}" for part, source in read.items()},
        )

    def _parts(self, item: TemplateItem) -> Iterator[tuple[Part, Source]]:
        for part in PARTS:
            scalar: tree.Scalar | None = getattr(item, part)
            if scalar is not None and (source := self._source(scalar)):
                yield part, source

    def _source(self, scalar: tree.Scalar) -> Source | None:
        """The file's text; what is wrong in it is told with its own place."""
        name = scalar.text.strip()
        if "/" in name or name.startswith("."):
            hint = f"it lies in the folder {FOLDER}/ beside alerts.yaml"
            self.problems.append(scalar.problem("the name of a file is expected here, not a path", hint=hint))
            return None
        source = self.read(f"{FOLDER}/{name}")
        if isinstance(source, Problem):
            self.problems.append(scalar.problem(f"{FOLDER}/{name}: {source.message}"))
            return None
        if wrong := check(source.text):
            message, line = wrong
            self.problems.append(_in_line(source, message, line))
            return None
        return source


def _in_line(source: Source, message: str, line: int) -> Problem:
    lines = source.text.splitlines(keepends=True)
    start = sum(map(len, lines[: line - 1]))
    return source.problem(
        message, start, start + len(lines[line - 1].rstrip()) if line <= len(lines) else None
    )
