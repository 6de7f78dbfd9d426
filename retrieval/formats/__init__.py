"""The formats that articles come in: each reader turns bytes into documents, without files or network."""

from collections.abc import Iterator

from retrieval.document import Document, Unread


def documents(
    name: str, data: bytes, url: str | None = None, content_type: str | None = None
) -> Iterator[Document | Unread]:
    """What the data holds: documents, and what could not be read. Never raises for what the data is.

    The reader is chosen by the name, by the content type and by the data themselves. `url` is where they came from.
    """
    raise NotImplementedError(name, data, url, content_type)
