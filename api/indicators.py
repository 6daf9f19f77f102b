"""Indicators and rule sets over GraphQL: what numbers mean and what is counted; about no person."""

from datetime import date

import strawberry

from domain.aggregates.guidance import guidance
from domain.attendance import indicators
from domain.attendance.indicators import Indicator as IndicatorEntry
from domain.reference import rulesets
from domain.reference.files import Text
from domain.reference.ruleshapes import RuleSet as RuleSetEntry
from domain.reference.ruleshapes import SignalRule, TierRule


@strawberry.type(description="The same text in Dutch and in English (tekst).")
class BilingualText:
    """A text in two languages."""

    nl: str = strawberry.field(description="In Dutch (Nederlands).")
    en: str = strawberry.field(description="In English (Engels).")


@strawberry.type(description="What a number about attendance is and how to read it (indicator).")
class Indicator:
    """An indicator."""

    code: str = strawberry.field(description="Its stable name.")
    name: BilingualText = strawberry.field(description="What it is called (naam).")
    formula: BilingualText = strawberry.field(description="How it is computed (formule).")
    numerator: BilingualText = strawberry.field(description="What is counted (teller).")
    denominator: BilingualText = strawberry.field(description="Out of what (noemer).")
    unit: BilingualText = strawberry.field(description="In what it is given (eenheid).")
    says: BilingualText = strawberry.field(description="What it says (wat het zegt).")
    does_not_say: BilingualText = strawberry.field(
        description="What it does not say (wat het niet zegt)."
    )
    misreadings: list[BilingualText] = strawberry.field(
        description="How it is often misread (veelgemaakte leesfouten)."
    )
    source: str = strawberry.field(description="What it rests on (bron).")
    data_class: str = strawberry.field(description="The class of its values (gegevensklasse).")
    read_at: str = strawberry.field(description="Where its values are read in this schema.")
    rule_codes: list[str] = strawberry.field(description="The rules that judge it (regels).")


@strawberry.type(description="Something to know of a value before it is used (kwaliteitssignaal).")
class QualityFlag:
    """A flag of data quality."""

    code: str = strawberry.field(description="The code, as `quality` gives it.")
    explanation: BilingualText = strawberry.field(description="What it means (uitleg).")


@strawberry.type(description="A number that a rule counts with (parameter).")
class RuleParameter:
    """A parameter of a rule."""

    name: str = strawberry.field(description="Which one.")
    value: str = strawberry.field(description="Its value, as text.")


@strawberry.type(description="One rule: what gives a signal or a tier, and why (regel).")
class CountingRule:
    """A rule of a rule set."""

    code: str = strawberry.field(description="Its code: the `kind` of a signal, a tier's `rule`.")
    name: BilingualText | None = strawberry.field(
        description="What it is called (naam); null for a rule of tiers."
    )
    source: str = strawberry.field(description="Where it is written (bron).")
    explanation: BilingualText = strawberry.field(description="In plain words (uitleg).")
    data_class: str = strawberry.field(
        description="The class of what its signals or tiers tell (gegevensklasse)."
    )
    report_kind: str | None = strawberry.field(
        description="The kind of report a signal may become (verzuimsoort); null: none."
    )
    parameters: list[RuleParameter] = strawberry.field(description="Its numbers (parameters).")


@strawberry.type(description="Dated rules from one source (regelset).")
class RuleSet:
    """A rule set."""

    code: str = strawberry.field(description="Its code, as signals and tiers name it.")
    family: str = strawberry.field(description="What it is about; one of a family holds at a time.")
    status: str = strawberry.field(
        description="in_force (the law), practice (agreed in the field) or draft (switched off)."
    )
    valid_from: date = strawberry.field(description="Its first day (geldig vanaf).")
    valid_until: date | None = strawberry.field(description="The first day it no longer holds.")
    source: str = strawberry.field(description="Where it is written (bron).")
    explanation: BilingualText = strawberry.field(description="In plain words (uitleg).")
    rules: list[CountingRule] = strawberry.field(description="Its rules (regels).")


@strawberry.type
class IndicatorQuery:
    """Reading what numbers mean."""

    @strawberry.field(
        description="What the numbers about attendance mean, and how not to read them "
        "(indicatoren). Public."
    )
    def indicators(self) -> list[Indicator]:
        """Return the registry."""
        found = (*indicators.indicators(), *guidance().values())
        return [_indicator(entry) for entry in found]

    @strawberry.field(description="What the codes in `quality` mean (kwaliteit). Public.")
    def quality_flags(self) -> list[QualityFlag]:
        """Return every flag."""
        return [
            QualityFlag(code=f.code, explanation=_text(f.explanation)) for f in indicators.flags()
        ]

    @strawberry.field(description="Every rule set with its rules, drafts too (regelsets). Public.")
    def rule_sets(self) -> list[RuleSet]:
        """Return every rule set, in the order of its first day."""
        return [_rule_set(entry) for entry in rulesets.rule_sets()]


def _text(text: Text) -> BilingualText:
    return BilingualText(nl=text["nl"], en=text["en"])


def _indicator(entry: IndicatorEntry) -> Indicator:
    return Indicator(
        code=entry.code,
        name=_text(entry.name),
        formula=_text(entry.formula),
        numerator=_text(entry.numerator),
        denominator=_text(entry.denominator),
        unit=_text(entry.unit),
        says=_text(entry.says),
        does_not_say=_text(entry.does_not_say),
        misreadings=[_text(text) for text in entry.misreadings],
        source=entry.source,
        data_class=entry.data_class,
        read_at=entry.read_at,
        rule_codes=list(entry.rule_codes),
    )


def _rule_set(entry: RuleSetEntry) -> RuleSet:
    return RuleSet(
        code=entry.code,
        family=entry.family,
        status=str(entry.status),
        valid_from=entry.valid_from,
        valid_until=entry.valid_until,
        source=entry.source,
        explanation=_text(entry.explanation),
        rules=[_rule(rule) for rule in (*entry.rules, *entry.tiers)],
    )


def _rule(rule: SignalRule | TierRule) -> CountingRule:
    signals = isinstance(rule, SignalRule)
    return CountingRule(
        code=rule.code,
        name=_text(rule.kind) if signals else None,
        source=rule.source,
        explanation=_text(rule.explanation),
        data_class=rule.data_class,
        report_kind=rule.report_kind if signals else None,
        parameters=[RuleParameter(name=name, value=value) for name, value in rule.parameters()],
    )
