"""Takes values out of one XML element at a time, noting every rule that is broken on the way."""

from collections.abc import Callable, Container, Mapping
from typing import Final, TypeVar

from domain.imports.edexml_rules import ATTRIBUTES, CHILDREN, NEWEST, Broken, Order
from domain.imports.edexml_rules import key as check_key
from domain.imports.problems import Problem, Problems
from domain.imports.xml_stream import Element, Stream

T = TypeVar("T")
Children = Mapping[str, list[Element]]

_BLANK: Final = " \t\r\n"
_SCHEMA: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_ANYWHERE: Final = frozenset({f"{_SCHEMA}schemaLocation", f"{_SCHEMA}noNamespaceSchemaLocation"})
_KEY: Final = frozenset({"key"})
_NO_ATTRIBUTES: Final = (frozenset[str](), frozenset[str]())


class Values:
    """Reads elements of one stream into values; collects errors and warnings."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.edition = NEWEST
        self.errors = Problems()
        self.warnings = Problems()

    def error(self, element: Element, field: str, broken: Broken) -> None:
        """Note a broken rule, which refuses the file."""
        line = self.stream.line_of(element)
        self.errors.add(Problem(line, field, broken.rule, broken.advice))

    def warn(self, element: Element, field: str, broken: Broken) -> None:
        """Note something that the receipt has to say, and that refuses nothing."""
        line = self.stream.line_of(element)
        self.warnings.add(Problem(line, field, broken.rule, broken.advice, "warning"))

    def children(self, element: Element, path: str) -> Children:
        """The children of a record by name, after its attributes, order and text are checked."""
        self.attributes(element, path, *ATTRIBUTES.get(path.rpartition("/")[2], _NO_ATTRIBUTES))
        self.no_text(element, path)
        order = Order(CHILDREN[path])
        found: dict[str, list[Element]] = {}
        for child in element:
            for broken in order.take(child.tag):
                self.error(child, path, broken)
            found.setdefault(child.tag, []).append(child)
        for broken in order.end():
            self.error(element, path, broken)
        return found

    def attributes(
        self,
        element: Element,
        path: str,
        required: frozenset[str] = frozenset(),
        optional: frozenset[str] = frozenset(),
    ) -> None:
        """Check that an element has the attributes it needs and no others."""
        given = set(element.attrib) - _ANYWHERE
        if not self.edition.eck_ids:
            optional -= {"eckid"}
        for name in sorted(required - given):
            self.error(
                element,
                f"{path}/@{name}",
                Broken("The attribute is missing.", "Give it the school's own key."),
            )
        if given - required - optional:
            self.error(
                element,
                path,
                Broken(
                    f"An attribute stands here that EDEXML {self.edition.name} does not have.",
                    f"Remove it; allowed: {', '.join(sorted(required | optional)) or 'none'}.",
                ),
            )

    def no_text(self, element: Element, path: str, *, empty: bool = False) -> None:
        """Check that there is no text between the children, or nothing at all when `empty`."""
        texts = [element.text or "", *(child.tail or "" for child in element)]
        if empty and (any(texts) or len(element)):
            advice = "Leave it empty: it refers with its key only."
            self.error(element, path, Broken("This element has content.", advice))
        elif any(text.strip(_BLANK) for text in texts):
            self.stray_text(element, path)

    def stray_text(self, element: Element, path: str) -> None:
        """Note text where only elements may stand."""
        self.error(
            element,
            path,
            Broken("Text stands between the elements.", "Remove it; only elements may stand here."),
        )

    def value(
        self, children: Children, path: str, name: str, check: Callable[[str], T]
    ) -> T | None:
        """The checked text of a child; None when it is not there or breaks a rule."""
        if name not in children:
            return None
        return self.checked(children[name][0], f"{path}/{name}", check)

    def checked(self, element: Element, path: str, check: Callable[[str], T]) -> T | None:
        """The checked text of an element; None when it breaks a rule."""
        self.attributes(element, path)
        if len(element):
            advice = "Give its text only."
            self.error(element, path, Broken("Elements stand within this text.", advice))
            return None
        try:
            return check(element.text or "")
        except Broken as broken:
            self.error(element, path, broken)
            return None

    def attribute(self, element: Element, path: str, name: str) -> str | None:
        """The checked key in an attribute; None when it is not there or breaks a rule."""
        if name not in element.attrib:
            return None
        try:
            return check_key(self.edition.longest_key)(element.attrib[name])
        except Broken as broken:
            self.error(element, f"{path}/@{name}", broken)
            return None

    def unique_key(self, element: Element, path: str, name: str, seen: set[str]) -> str | None:
        """The checked key in an attribute, which no other record of its kind may have."""
        found = self.attribute(element, path, name)
        if found is not None and found in seen:
            self.error(
                element,
                f"{path}/@{name}",
                Broken("Another record has the same key.", "Deliver every record once."),
            )
        elif found is not None:
            seen.add(found)
        return found

    def empty_reference(self, element: Element, path: str, known: Container[str]) -> str | None:
        """As `reference`, for an element that may hold nothing but its key."""
        self.attributes(element, path, _KEY)
        self.no_text(element, path, empty=True)
        return self.reference(element, path, known)

    def reference(self, element: Element, path: str, known: Container[str]) -> str | None:
        """The key of a record that has to be in the file; None when it is not."""
        found = self.attribute(element, path, "key")
        if found is not None and found not in known:
            self.error(
                element,
                f"{path}/@key",
                Broken("The key refers to nothing in this file.", "Deliver what it refers to."),
            )
            return None
        return found
