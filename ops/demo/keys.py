"""The keys of the boards' school systems: the private half never leaves its folder."""

import json
from pathlib import Path
from typing import Any, cast

from joserfc.jwk import ECKey

from ops.demo.region import Board
from ops.folders import write_private


def private_key_file(folder: Path, board: Board) -> Path:
    """Return where the private JWK of a board's school system is kept."""
    return folder / f"{board.client_id}.jwk.json"


def public_key(folder: Path, board: Board) -> dict[str, Any]:
    """Return the public JWK of a board's school system; make the pair when there is none.

    The private half is written with mode 0600. Raises OSError when the folder is not there.
    """
    path = private_key_file(folder, board)
    if path.exists():
        key = ECKey.import_key(
            cast("dict[str, str | list[str]]", json.loads(path.read_text(encoding="utf-8")))
        )
    else:
        key = ECKey.generate_key(
            "P-256", {"kid": board.client_id, "use": "sig", "alg": "ES256"}, private=True
        )
        write_private(path, json.dumps(key.as_dict(private=True)) + "\n")
    return dict(key.as_dict(private=False))
