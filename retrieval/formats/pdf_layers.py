"""The layers of a PDF that its readers can switch on and off."""

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from retrieval.formats.pdf_objects import dictionary, resolved


class Layers:
    """Which layers of a document are off when it is opened."""

    def __init__(self, catalog: DictionaryObject) -> None:
        told = dictionary(catalog.get("/OCProperties"))
        opened = dictionary(told.get("/D"))
        self._off = _numbers(opened.get("/OFF"))
        if opened.get("/BaseState") == "/OFF":
            self._off |= _numbers(told.get("/OCGs")) - _numbers(opened.get("/ON"))
        self._known: dict[int, bool] = {}

    def hide(self, layer: PdfObject | None) -> bool:
        """Whether what belongs to this layer, or to this group of layers with a rule, is not seen."""
        if not self._off or layer is None:
            return False
        key = layer.idnum if isinstance(layer, IndirectObject) else -id(layer)
        if key not in self._known:  # a group may have many layers, and a page may name it again and again
            self._known[key] = key in self._off or self._rules_out(dictionary(layer))
        return self._known[key]

    def _rules_out(self, group: DictionaryObject) -> bool:
        if group.get("/Type") != "/OCMD" or "/OCGs" not in group:
            return False
        layers = group.raw_get("/OCGs")
        one = isinstance(layers, IndirectObject) and not isinstance(resolved(layers), ArrayObject)
        numbers = {layers.idnum} if one else _numbers(layers)
        if not numbers:
            return False
        some, all_ = bool(numbers & self._off), numbers <= self._off
        return {"/AllOn": some, "/AnyOff": not some, "/AllOff": not all_}.get(str(group.get("/P")), all_)


def _numbers(layers: PdfObject | None) -> set[int]:
    """The numbers of the objects that a list refers to."""
    found = resolved(layers)
    listed = list.__iter__(found) if isinstance(found, ArrayObject) else ()
    return {layer.idnum for layer in listed if isinstance(layer, IndirectObject)}
