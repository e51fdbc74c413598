"""One thing that was measured, and the bar it is held against."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A number with its unit and its bar; `at_least` says on which side of it is good."""

    what: str
    number: float
    unit: str
    bar: float
    at_least: bool = False
    about: str = ""

    @property
    def reached(self) -> bool:
        """Whether the number is on the good side of the bar."""
        return self.number >= self.bar if self.at_least else self.number <= self.bar

    def __str__(self) -> str:
        side = "≥" if self.at_least else "≤"
        mark = "reached" if self.reached else "MISSED "
        number = f"{self.number:.2f} {self.unit}".strip()
        return f"{mark}  {self.what}: {number} (bar {side} {self.bar:g}) {self.about}".rstrip()
