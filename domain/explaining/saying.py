"""An explanation as a person reads it, in Dutch and English: from the words of the table alone."""

from collections.abc import Iterable
from typing import Final

from domain.explaining.services import Explanation
from permissions.vocabulary import Rule
from permissions.words import DATA_CLASSES, PURPOSES, ROLES, Words, act_of, tie_of

_MAY: Final = Words("U mag {act}, zolang {ties}.", "You may {act} while {ties}.")
_OR: Final = Words(", of zolang ", ", or while ")
_HOLDS: Final = Words(" Dat is nu zo.", " That is so now.")
_LACKS: Final = Words(" Dat is nu niet zo.", " That is not so now.")
_NO_RULE: Final = Words(
    "Geen regel laat {role} voor {purpose} {data} inzien.",
    "No rule lets {role} read {data} for {purpose}.",
)
_OTHERWISE: Final = Words(
    " Voor een ander doel is er wel een regel, met een token voor dat doel: {purposes}.",
    " For another purpose there is a rule, with a token for that purpose: {purposes}.",
)
_ABOUT_NOBODY: Final = Words(
    " Dit gaat niet over één jongere: het antwoord is voor elke jongere gelijk.",
    " This is not about one young person: the answer is the same for each of them.",
)
_LANGUAGES: Final = ("nl", "en")


def advice(explanation: Explanation) -> Words:
    """Return what an explanation comes to: that it holds, or what is missing.

    It names no object and no person, so that what is not there and what is not there for the
    actor are said alike.
    """
    return Words(*(_advice(explanation, language) for language in _LANGUAGES))


def _advice(explanation: Explanation, language: str) -> str:
    holding = [ground.rule for ground in explanation.grounds if ground.holds]
    rules = holding or [ground.rule for ground in explanation.grounds]
    if not rules:
        said = _NO_RULE.said(language).format(
            role=_inside(ROLES[explanation.actor.role].said(language)),
            purpose=PURPOSES[explanation.actor.purpose].said(language),
            data=DATA_CLASSES[explanation.data_class].said(language),
        )
    else:
        said = _MAY.said(language).format(
            act=act_of(rules[0]).said(language), ties=ties(rules, language)
        )
        said += (_HOLDS if holding else _LACKS).said(language)
    if explanation.elsewhere and not holding:
        purposes = (PURPOSES[purpose].said(language) for purpose in explanation.elsewhere)
        said += _OTHERWISE.said(language).format(purposes="; ".join(purposes))
    if not explanation.about_one:
        said += _ABOUT_NOBODY.said(language)
    return said


def ties(rules: Iterable[Rule], language: str) -> str:
    """Return the ties of rules as one clause, each of them once."""
    return _OR.said(language).join(dict.fromkeys(tie_of(rule).said(language) for rule in rules))


def _inside(title: str) -> str:
    """Return the name of a role as it stands inside a sentence."""
    return title[:1].lower() + title[1:]
