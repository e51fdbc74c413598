"""What code and templates must keep so that messages stay text and can be translated.

Each rule stands in LANGUAGES section 3; a fault names the file, the line and what to do.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from consult.languages import checker

# How many literals each function takes first, and whether a count follows them.
LITERALS = {"_": 1, "_l": 1, "_n": 2, "_p": 2, "_lp": 2}
AT_ONCE = {"_", "_n", "_p"}
LATER = {"_l", "_lp"}
# Its texts are WTForms' own, and WTForms fills them.
CARRIED = Path("consult/frame/messages.py")
OTHER_DOORS = {
    f"{lazy}{context}{number}gettext"
    for lazy in ("", "lazy_")
    for context in ("", "p")
    for number in ("", "n")
} | {"npgettext", "lazy_npgettext"}


@dataclass(frozen=True)
class Fault:
    """A line that breaks a rule."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class _Call:
    """A call of a message function, read from Python or from a template."""

    name: str
    texts: list[str | None]
    count_given: bool
    keywords: set[str]
    splat: bool


def faults(root: Path) -> list[Fault]:
    """Look through all code and templates below `root/consult`."""
    found: list[Fault] = []
    for path in sorted((root / "consult").rglob("*")):
        inside = path.relative_to(root)
        if path.suffix == ".py":
            found += python_faults(path.read_text("utf-8"), inside)
        elif path.suffix == ".html" and "templates" in inside.parts:
            found += template_faults(path.read_text("utf-8"), inside)
    return found


def python_faults(source: str, path: Path) -> list[Fault]:
    """Look through one Python file."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return [Fault(path, error.lineno or 0, "is not Python")]
    found = [
        Fault(path, node.lineno, reason)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call | ast.ImportFrom | ast.Attribute)
        for reason in _node_reasons(node, carried=path == CARRIED)
    ]
    found += [
        Fault(path, call.lineno, "runs when the module is imported: use _l or _lp")
        for call in _run_at_import(tree)
    ]
    return sorted(found, key=lambda fault: fault.line)


def template_faults(source: str, path: Path) -> list[Fault]:
    """Look through one template."""
    try:
        tree = Environment(autoescape=True).parse(source)
    except TemplateSyntaxError as error:
        # The tag of Jinja's own translations is unknown here, and so refused.
        return [Fault(path, error.lineno, error.message or "is no template")]
    found = []
    for node in tree.find_all((nodes.Call, nodes.Filter, nodes.EvalContextModifier, nodes.Mod)):
        found += [Fault(path, node.lineno, reason) for reason in _template_reasons(node)]
    return sorted(found, key=lambda fault: fault.line)


def _node_reasons(node: ast.AST, *, carried: bool) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        if node.module in ("flask_babel", "gettext", "babel.support"):
            for alias in node.names:
                if alias.name in OTHER_DOORS:
                    yield f"{alias.name}: interface text comes from languages.messages alone"
    elif isinstance(node, ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if owner in ("flask_babel", "gettext") and node.attr in OTHER_DOORS:
            yield f"{node.attr}: interface text comes from languages.messages alone"
    elif isinstance(node, ast.Call):
        name = _python_name(node.func)
        if name in LITERALS:
            yield from _call_reasons(_python_call(name, node), carried=carried)
        elif name == "Markup" and any(_is_message(inner) for inner in ast.walk(node)):
            yield "Markup around a translation: pass the link or emphasis as a value"


def _call_reasons(call: _Call, *, carried: bool) -> Iterator[str]:
    wanted = LITERALS[call.name]
    if len(call.texts) < wanted or None in call.texts:
        yield f"{call.name}() takes literals first, {wanted} of them"
        return
    if call.name == "_n" and not call.count_given:
        yield "_n() takes the number third"
    messages = [text for text in call.texts if text is not None]
    if call.name in ("_p", "_lp"):
        del messages[0]
    if carried:
        return
    for text in messages:
        yield from _message_reasons(text)
    if call.splat:
        yield "name each value: ** cannot be held against the placeholders"
        return
    yield from _keyword_reasons(call, messages)


def _message_reasons(text: str) -> Iterator[str]:
    if "%" in checker.without_placeholders(text):
        yield "a bare % in a message: other tools read a format in it"
    if any(problem.kind is checker.Kind.MARKUP for problem in checker.errors([text], [text])):
        yield "markup in a message: pass the link or emphasis as a value"
    if text.strip() != text or not text:
        yield "a message neither is empty nor begins or ends with white space"


def _keyword_reasons(call: _Call, messages: list[str]) -> Iterator[str]:
    names = [_placeholder_names(text) for text in messages]
    if len(names) > 1 and names[0] != names[1]:
        yield "singular and plural have different placeholders"
    wanted = names[-1] - ({"count"} if call.name == "_n" else set())
    if call.name in LATER:
        if surplus := sorted(call.keywords - wanted):
            yield f"no placeholder for {', '.join(surplus)}"
    elif call.keywords != wanted:
        differing = ", ".join(sorted(call.keywords ^ wanted))
        yield f"values and placeholders differ in {differing}"


def _placeholder_names(text: str) -> set[str]:
    return {found[2:-2] for found in checker.PLACEHOLDER.findall(text)}


def _python_name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr if function.attr in LITERALS or function.attr == "Markup" else ""
    return function.id if isinstance(function, ast.Name) else ""


def _python_call(name: str, node: ast.Call) -> _Call:
    wanted = LITERALS[name]
    return _Call(
        name,
        [
            arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None
            for arg in node.args[:wanted]
        ],
        len(node.args) > wanted,
        {keyword.arg for keyword in node.keywords if keyword.arg},
        any(keyword.arg is None for keyword in node.keywords),
    )


def _is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _python_name(node.func) in LITERALS


def _run_at_import(tree: ast.AST) -> Iterator[ast.Call]:
    """Find calls that stand in no function: they run before any reader is known."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and _python_name(node.func) in AT_ONCE:
            yield node
        yield from _run_at_import(node)


def _template_reasons(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.EvalContextModifier):
        yield "autoescape stays on"
    elif isinstance(node, nodes.Mod):
        if _template_message(node.left):
            yield "% on a translation: give the value by name"
    elif isinstance(node, nodes.Filter):
        if node.name in ("safe", "forceescape"):
            yield f"|{node.name}: nothing is trusted as HTML by a filter"
        elif node.name == "format" and node.node and _template_message(node.node):
            yield "|format on a translation: give the value by name"
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        if node.node.name in LITERALS:
            yield from _call_reasons(_template_call(node.node.name, node), carried=False)
        elif node.node.name == "Markup":
            yield "Markup: nothing is trusted as HTML by a template"


def _template_message(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in LITERALS
    )


def _template_call(name: str, node: nodes.Call) -> _Call:
    wanted = LITERALS[name]
    return _Call(
        name,
        [
            arg.value if isinstance(arg, nodes.Const) and isinstance(arg.value, str) else None
            for arg in node.args[:wanted]
        ],
        len(node.args) > wanted,
        {keyword.key for keyword in node.kwargs},
        node.dyn_kwargs is not None or node.dyn_args is not None,
    )
