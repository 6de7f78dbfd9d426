"""What `index.json` says: which segments make up an index, sealed with a checksum."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from retrieval.errors import DamagedIndexError

FORMAT = 3
"""The version of `index.json`."""


def sealed(content: Mapping[str, Any]) -> bytes:
    """The content as `index.json` holds it, with a checksum."""
    content = {**{name: one for name, one in content.items() if name != "check"}, "format": FORMAT}
    check = hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=16).hexdigest()
    return json.dumps({**content, "check": check}, sort_keys=True, indent=1).encode() + b"\n"


def unsealed(path: Path, text: bytes) -> Mapping[str, Any]:
    """What `sealed` wrote, with its checksum. Raises DamagedIndexError, which names the path, for anything else."""
    try:
        content: dict[str, Any] = json.loads(text)
        if content["format"] != FORMAT:
            raise DamagedIndexError(
                f"{path}: has format {content['format']}; this version of Dayek reads format {FORMAT}"
            )
        content["check"]
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedIndexError(f"{path}: is cut short or damaged ({error})") from error
    if sealed(content) != text:
        raise DamagedIndexError(f"{path}: is damaged; its checksum does not fit")
    return content
