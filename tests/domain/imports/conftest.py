from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from domain.imports import edexml
from domain.imports.problems import Problem, Refused

REPOSITORY = Path(__file__).resolve().parents[3]

ROSTER = """\
<?xml version="1.0" encoding="UTF-8"?>
<EDEX xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xsi:noNamespaceSchemaLocation="EDEXML.structuur.xsd">
  <school>
    <schooljaar>2026-2027</schooljaar>
    <peildatum>2026-10-01</peildatum>
    <brincode>99AB</brincode>
    <dependancecode>03</dependancecode>
    <schoolkey>S1</schoolkey>
    <aanmaakdatum>2026-10-01T08:30:00Z</aanmaakdatum>
    <auteur>Sample system</auteur>
    <xsdversie>2.1</xsdversie>
  </school>
  <vestigingen>
    <vestiging key="V1"><naam>North</naam></vestiging>
  </vestigingen>
  <groepen>
    <groep key="G1"><naam>1A</naam><jaargroep>11</jaargroep></groep>
    <samengestelde_groep key="C1"><naam>French 1</naam></samengestelde_groep>
  </groepen>
  <leerlingen>
    <leerling key="P1" eckid="https://ketenid.nl/201703/p1">
      <achternaam>Vries</achternaam>
      <voorvoegsel>de</voorvoegsel>
      <voornamen>Anna Maria</voornamen>
      <voorletters-1>AM</voorletters-1>
      <roepnaam>Anna</roepnaam>
      <geboortedatum>2014-03-05</geboortedatum>
      <geslacht>2</geslacht>
      <jaargroep>11</jaargroep>
      <groep key="G1"/>
      <samengestelde_groepen><samengestelde_groep key="C1"/></samengestelde_groepen>
      <vestiging key="V1"/>
      <bsn>111222333</bsn>
      <postcodenl>1234AB</postcodenl>
      <instroomdatum>2026-08-24</instroomdatum>
    </leerling>
    <leerling key="P2"><roepnaam>Bo</roepnaam></leerling>
  </leerlingen>
  <leerkrachten>
    <leerkracht key="T1">
      <achternaam>Jansen</achternaam>
      <rol>LRK</rol>
      <groepen>
        <groep key="G1"><rol>IB</rol></groep>
        <samengestelde_groep key="C1"/>
      </groepen>
    </leerkracht>
  </leerkrachten>
</EDEX>
"""


@pytest.fixture
def roster_text() -> str:
    """A small valid roster of a fictional school."""
    return ROSTER


@pytest.fixture
def refusal() -> Callable[..., tuple[Problem, ...]]:
    """Read a roster that has to be refused and give its problems."""

    def refuse(text: str | bytes, **limits: int) -> tuple[Problem, ...]:
        data = text.encode() if isinstance(text, str) else text
        with pytest.raises(Refused) as refused:
            edexml.read(BytesIO(data), **limits)
        assert refused.value.problems
        assert all(problem.rule and problem.advice for problem in refused.value.problems)
        return refused.value.problems

    return refuse


@pytest.fixture(scope="session")
def delivery_contract() -> Path:
    """The folder with the published format of a delivery."""
    return REPOSITORY / "frontend-contract" / "delivery"


@pytest.fixture(scope="session")
def standard_rosters() -> Path:
    """The standard's own schemas and samples, which live beside the repository."""
    folder = REPOSITORY.parent / "shared" / "data" / "rosters"
    if not folder.is_dir():
        pytest.skip("the standard's schemas and samples are not beside this repository")
    return folder


def _beside(name: str) -> Path:
    folder = REPOSITORY.parent / "shared" / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the samples of {name} are not beside this repository")
    return folder


@pytest.fixture(scope="session")
def edfi_sample() -> Path:
    """Ed-Fi's own sample data, which lives beside the repository."""
    return _beside("attendance/edfi-5.2")


@pytest.fixture(scope="session")
def code_samples() -> Path:
    """Samples of Dutch suppliers, which live beside the repository."""
    return _beside("codes")
