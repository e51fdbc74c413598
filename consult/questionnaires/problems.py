"""What is wrong with a questionnaire somebody wrote: every problem, each with its place."""

from dataclasses import dataclass

from consult.errors import BadInput


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where ("section needs, question water, choice 2"), and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class Wrong(BadInput):
    """A questionnaire cannot be taken; `problems` has every reason, in the file's order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        more = len(problems) - 1
        super().__init__(f"{problems[0]} (and {more} more)" if more else str(problems[0]))


def quoted(value: object) -> str:
    """Give what somebody wrote as a reason may repeat it: in quotes, short, on one line."""
    text = ascii(value) if not isinstance(value, str) or not value.isprintable() else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
