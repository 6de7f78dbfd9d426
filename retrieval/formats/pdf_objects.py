"""What a PDF's references lead to."""

from pypdf.generic import DictionaryObject, PdfObject

_PARENTS = 64  # how far above a page its resources may stand


def resolved(value: PdfObject | None) -> PdfObject | None:
    """The object itself where the value is a reference to one."""
    return value.get_object() if value is not None else None


def dictionary(value: PdfObject | None) -> DictionaryObject:
    """The dictionary that the value is or refers to; an empty one where it is none."""
    found = resolved(value)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def raw(holder: DictionaryObject, name: object) -> PdfObject | None:
    """The value of that name as it is written, a reference where it is one; None where there is none."""
    return holder.raw_get(name) if isinstance(name, str) and name in holder else None


def resources(owner: DictionaryObject) -> DictionaryObject:
    """The owner's resources, or those of the nearest page or group of pages above that has some."""
    for _ in range(_PARENTS):
        if "/Resources" in owner:
            return dictionary(owner["/Resources"])
        if "/Parent" not in owner:
            break
        owner = dictionary(owner["/Parent"])
    return DictionaryObject()
