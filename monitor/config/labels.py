"""Labels as they are written: names that a matcher can name, values that are text."""

import re

from monitor.config import tree
from monitor.config.fields import WrongValueError, as_text, is_empty
from monitor.config.problem import Problem

LABEL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OWN_LABELS = frozenset({"topic", "feed"})
"""The monitor sets these on every hit: nothing else may."""


def read_labels(node: tree.Mapping | None, problems: list[Problem]) -> dict[str, str]:
    """The labels of a mapping; bad ones are reported and left out."""
    labels: dict[str, str] = {}
    for name, (key, value) in (node.pairs if node else {}).items():
        if problem := _name_problem(key):
            problems.append(problem)
            continue
        try:
            labels[name] = "" if is_empty(value) else as_text(value)
        except WrongValueError as wrong:
            problems.append(value.problem(str(wrong), hint=wrong.hint))
    return labels


def _name_problem(key: tree.Scalar) -> Problem | None:
    if not LABEL_NAME.fullmatch(key.text):
        near = re.sub(r"\W+", "_", key.text, flags=re.ASCII).strip("_")
        hint = f"did you mean `{near}`?" if LABEL_NAME.fullmatch(near) else ""
        return key.problem("a label's name has letters, digits and `_` only", hint=hint)
    if key.text in OWN_LABELS:
        return key.problem(f"the label `{key.text}` is the monitor's own: it sets it on every hit")
    return None


def check_label_name(scalar: tree.Scalar) -> Problem | None:
    """What is wrong with a label's name where one is used, as in `group_by`."""
    if LABEL_NAME.fullmatch(scalar.text.strip()):
        return None
    return scalar.problem("a label's name is expected here: letters, digits and `_`")
