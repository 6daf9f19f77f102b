"""The same rules as Cedar policies, for whoever would test or analyse them with other tools.

`policies.cedar` and `schema.cedarschema` beside this file are made from the table by
`python -m permissions.render`; a stale copy fails the build.
"""

from permissions.cedar.questions import Question, entities, request
from permissions.cedar.text import policies, policy, schema

__all__ = ["Question", "entities", "policies", "policy", "request", "schema"]
