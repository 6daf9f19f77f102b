"""The digest of a release: the same rows give the same digest, whoever computes it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from domain.aggregates.made import Answer


def digest_of(head: Mapping[str, Any], answers: Sequence[Answer]) -> str:
    """Return the SHA-256 of a release, in hexadecimal.

    Its canonical form is JSON, one line for the head with its keys in order and one for each
    answer, in the order of level, code, measure and division: `[level, code, measure, by, members,
    labels, categories, cells, units]`.
    """
    found = hashlib.sha256(orjson.dumps(dict(head), option=orjson.OPT_SORT_KEYS) + b"\n")
    for answer in sorted(answers, key=lambda answer: answer.key):
        line = [
            *answer.key, answer.members, answer.labels, answer.categories, answer.cells,
            answer.units,
        ]  # fmt: skip
        found.update(orjson.dumps(line) + b"\n")
    return found.hexdigest()
