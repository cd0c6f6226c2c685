"""The little language of letter templates: a part of Jinja that cannot call, count, fetch or run
without end. What a template says wrong is told with its line before anything is issued (pure).

A template names values, loops over lists and asks whether there is something. It has no calls, no
arithmetic, no assignments, no macros and no other files: so every loop is as long as a list of
ours, and what comes out is bounded by what went in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from relief.kernel.errors import Invalid, Problem, refuse
from relief.kernel.text import Text, _, is_plain
from relief.letters.markup import MARK, Stray, strays_in

TEMPLATE_CHARS_MAX = 64 * 1024
LETTER_CHARS_MAX = 256 * 1024
LOOPS_MAX = 2
TITLE = "title"

# A name's shape: a text, a list of such shapes, or names of their own.
Shape = str | list["Shape"] | Mapping[str, "Shape"]
TEXT: Shape = "text"
# What a loop says of itself: which round it is, whether it is the last.
_LOOP: Shape = {"index": TEXT, "last": TEXT}


@dataclass(frozen=True)
class Fault:
    """Something wrong in a template, at a line."""

    line: int
    text: Text


class _Letters(ImmutableSandboxedEnvironment):
    """Jinja as letters have it: every value escaped, what is missing is a fault."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self.filters = {"lines": _lines}
        self.tests, self.globals = {}, {}


def _lines(value: str) -> Markup:
    """A text with its line breaks."""
    return Markup("<br>").join(str(value).split("\n"))


_JINJA = _Letters()
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Filter, nodes.Block,
)  # fmt: skip


def faults_of(source: str, shape: Mapping[str, Shape], *, titled: bool) -> list[Fault]:
    """Every fault of a template that is given values of this shape; `titled` where it has to say
    the title of its letter."""
    if len(source) > TEMPLATE_CHARS_MAX:
        text = _("This is {chars} characters long; {max} are the most.",
                 chars=len(source), max=TEMPLATE_CHARS_MAX)  # fmt: skip
        return [Fault(1, text)]
    try:
        tree = _JINJA.parse(source)
        faults = [*_looked_at(tree, dict(shape), 0), *_second_titles(tree), *_markup(tree.body)]
        if not faults:
            _JINJA.compile(tree)
    except TemplateSyntaxError as fault:
        said = str(fault.message).rstrip(".")
        return [Fault(fault.lineno, _("This cannot be read: {fault}.", fault=said))]
    except (SyntaxError, RecursionError):
        return [Fault(1, _("This is nested too deeply."))]
    except (ValueError, OverflowError):
        return [Fault(1, _("This holds a number that is too long to be read."))]
    if titled and not faults and not title_of(source):
        text = _('The title is missing: put it into a block named "title".')
        faults.append(Fault(1, text))
    once = {(fault.line, str(fault.text)): fault for fault in faults}
    return [once[key] for key in sorted(once)]


@lru_cache(maxsize=64)
def title_of(source: str) -> str:
    """The title of a letter, as its template says it in a block of that name; "" for none."""
    for block in _JINJA.parse(source).find_all(nodes.Block):
        if block.name == TITLE:
            said = "".join(data.data for data in block.find_all(nodes.TemplateData))
            return " ".join(said.split())
    return ""


def written(source: str, values: Mapping[str, object]) -> str:
    """A letter's text from a template without faults; refused where it grows beyond any letter."""
    parts, size = [], 0
    for part in _made(source, values):
        size += len(part)
        if size > LETTER_CHARS_MAX:
            raise refuse(
                Invalid,
                "letter.too_long",
                _("What the template makes has more than {max} characters; it has to be shorter.",
                  max=LETTER_CHARS_MAX),
            )  # fmt: skip
        parts.append(part)
    return "".join(parts)


def _made(source: str, values: Mapping[str, object]) -> Iterator[str]:
    try:
        yield from _JINJA.from_string(source).generate(values)
    except TypeError as fault:  # what is no text was compared with one
        text = _("The template compares what cannot be compared: {fault}.", fault=str(fault))
        raise refuse(Invalid, "letter.template", text) from fault


def checked(html: str) -> str:
    """What a template made, once it is seen to be nothing but a letter; else it is refused."""
    for stray in strays_in(html):
        raise refuse(Invalid, "letter.markup", stray_text(stray))
    return html


def problems_of(faults: Sequence[Fault], name: str) -> list[Problem]:
    """Faults as they are told, with file and line."""
    return [
        Problem(
            "letter.template",
            _("{file}, line {line}: {fault}", file=name, line=fault.line, fault=fault.text),
        )
        for fault in faults
    ]


def _looked_at(node: nodes.Node, known: Mapping[str, Shape], loops: int) -> Iterator[Fault]:
    """Every fault in a part of a template; `known` are the names that mean something there."""
    if not isinstance(node, _ALLOWED):
        text = _("Templates of letters have no {thing}.", thing=type(node).__name__.lower())
        yield Fault(node.lineno or 1, text)
        return
    if isinstance(node, nodes.For):
        yield from _loop(node, known, loops)
        return
    if isinstance(node, nodes.Name | nodes.Getattr):
        found = _shape_of(node, known)
        if isinstance(found, Fault):
            yield found
        return
    yield from _own_faults(node, known)
    for child in node.iter_child_nodes():
        yield from _looked_at(child, known, loops)


def _own_faults(node: nodes.Node, known: Mapping[str, Shape]) -> Iterator[Fault]:
    """What is wrong with one node by itself."""
    if isinstance(node, nodes.TemplateData):
        yield from _unseen(node)
    if isinstance(node, nodes.Filter) and (node.name not in _JINJA.filters or node.args):
        text = _('There is no filter "{name}"; there is {known}.',
                 name=node.name, known=sorted(_JINJA.filters))  # fmt: skip
        yield Fault(node.lineno, text)
    if isinstance(node, nodes.Block) and node.name != TITLE:
        yield Fault(node.lineno, _('The only block of a letter is "{name}".', name=TITLE))
    if isinstance(node, nodes.Block) and not all(
        isinstance(each, nodes.TemplateData) for each in node.find_all(nodes.Expr)
    ):
        yield Fault(node.lineno, _("The title is plain words."))
    if isinstance(node, nodes.Output):
        yield from (
            Fault(each.lineno, _('"{name}" is not a text; name what of it.', name=_told(each)))
            for each in node.nodes
            if isinstance(each, nodes.Name | nodes.Getattr)
            and not isinstance(shape := _shape_of(each, known), Fault)
            and shape != TEXT
        )


def _loop(node: nodes.For, known: Mapping[str, Shape], loops: int) -> Iterator[Fault]:
    if loops == LOOPS_MAX or node.recursive:
        text = _("Loops stand in one another at most {max} deep.", max=LOOPS_MAX)
        yield Fault(node.lineno, text)
        return
    shape = (
        _shape_of(node.iter, known)
        if isinstance(node.iter, nodes.Name | nodes.Getattr)
        else Fault(node.lineno, _("Loop over a list by its name."))
    )
    if isinstance(shape, Fault):
        yield shape
        return
    if not isinstance(shape, list) or not isinstance(node.target, nodes.Name):
        yield Fault(node.lineno, _('"{name}" is not a list.', name=_told(node.iter)))
        return
    inner = {**known, node.target.name: shape[0], "loop": _LOOP}
    for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
        yield from _looked_at(child, inner, loops + 1)


def _shape_of(node: nodes.Node, known: Mapping[str, Shape]) -> Shape | Fault:
    """What a name means, or that it means nothing."""
    if isinstance(node, nodes.Name):
        names: Shape | Fault = known
        name = node.name
    elif isinstance(node, nodes.Getattr):
        names, name = _shape_of(node.node, known), node.attr
    else:
        return Fault(node.lineno, _("Only names stand before a dot."))
    if isinstance(names, Fault):
        return names
    if not isinstance(names, Mapping) or name not in names:
        there = sorted(names) if isinstance(names, Mapping) else [_("nothing")]
        return Fault(
            node.lineno,
            _('There is no "{name}"; there is: {known}.', name=_told(node), known=there),
        )
    return names[name]


def _told(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_told(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _unseen(node: nodes.TemplateData) -> Iterator[Fault]:
    for line, words in enumerate(node.data.split("\n"), start=node.lineno):
        if not is_plain(words):
            yield Fault(line, _("This holds characters that cannot be seen."))


def _second_titles(tree: nodes.Template) -> Iterator[Fault]:
    blocks = [each for each in tree.find_all(nodes.Block) if each.name == TITLE]
    for block in sorted(blocks, key=lambda each: each.lineno)[1:]:
        text = _('The title is said above already; keep one block named "{name}".', name=TITLE)
        yield Fault(block.lineno, text)


def _markup(body: Sequence[nodes.Node]) -> Iterator[Fault]:
    """What has no place in the markup as it comes out of one part of a template: its words stand
    together as they will, and what stands within questions and loops is looked at by itself."""
    parts: list[tuple[str, int]] = []
    for node in body:
        if isinstance(node, nodes.Output):
            parts += [_part(each) for each in node.nodes]
        else:
            parts.append((MARK, node.lineno))
            for inner in _bodies(node):
                yield from _markup(inner)
    for stray in strays_in("".join(words for words, _line in parts)):
        yield Fault(_line_at(parts, stray.at), stray_text(stray))


def _part(node: nodes.Node) -> tuple[str, int]:
    """What an output writes: words as they are, of a value a mark."""
    return (node.data if isinstance(node, nodes.TemplateData) else MARK, node.lineno)


def _bodies(node: nodes.Node) -> list[list[nodes.Node]]:
    if isinstance(node, nodes.If):
        return [node.body, *(each.body for each in node.elif_), node.else_]
    if isinstance(node, nodes.For):
        return [node.body, node.else_]
    return [node.body] if isinstance(node, nodes.Block) else []


def _line_at(parts: Sequence[tuple[str, int]], at: int) -> int:
    for words, line in parts:
        if at < len(words):
            return line + words[:at].count("\n")
        at -= len(words)
    return 1


def stray_text(stray: Stray) -> Text:
    """What is told of markup that has no place in a letter."""
    if stray.is_tag:
        return _(
            '"{markup}" has no place in a letter: no scripts, addresses or styles; use class and '
            "the style sheet.",
            markup=stray.markup,
        )
    return _(
        '"{markup}" is no tag that a letter has: write a tag in one piece, its attributes in '
        'quotes, values and questions outside of it; a "<" of the text is written &lt;.',
        markup=stray.markup,
    )
