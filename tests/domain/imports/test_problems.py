import pytest

from domain.imports.problems import MOST_PROBLEMS, Problem, Problems, Refused


def test_a_refusal_lists_at_most_a_thousand_problems() -> None:
    """The last one says how many are left off, so that no answer grows with the file."""
    refused = Refused(Problem(line, "field", "Broken.", "Mend it.") for line in range(1, 2_501))
    assert len(refused.problems) == MOST_PROBLEMS
    assert refused.problems[-2].line == MOST_PROBLEMS - 1
    assert "1501 more" in refused.problems[-1].rule


def test_exactly_a_thousand_are_all_listed() -> None:
    """Nothing is left off as long as everything fits."""
    refused = Refused([Problem(1, "field", "Broken.", "Mend it.")] * MOST_PROBLEMS)
    assert {problem.line for problem in refused.problems} == {1}


def test_the_rest_of_warnings_is_a_warning() -> None:
    """A receipt with many warnings does not suddenly hold an error."""
    collected = Problems()
    collected.extend([Problem(1, "field", "Odd.", "Look.", "warning")] * 1_200)
    assert {problem.severity for problem in collected.listed()} == {"warning"}


def test_a_refusal_can_be_read() -> None:
    """Line, field, rule and advice stand in its text."""
    problems = Problems()
    problems.add(Problem(3, "school", "No BRIN.", "Add it."))
    problems.add(Problem(None, "file", "Too large.", "Split it."))
    with pytest.raises(Refused, match=r"line 3, school: No BRIN\. Add it\.") as refused:
        problems.refuse()
    assert "whole file, file: Too large." in str(refused.value)
