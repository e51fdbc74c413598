"""What may be done with a submission, from the least to the most."""

from enum import Enum


class Use(Enum):
    """How a submission may be used; the order is from the least to the most."""

    COUNT = "count"
    QUOTE_ANONYMOUS = "quote_anonymous"
    QUOTE_ATTRIBUTED = "quote_attributed"

    @property
    def may_quote(self) -> bool:
        """Whether words may be quoted at all."""
        return self is not Use.COUNT


ORDER = tuple(Use)


def lowest(given: Use, *later: Use) -> Use:
    """Give the least that was ever agreed to: consent can only be lowered (SAFETY 3.3)."""
    return min((given, *later), key=ORDER.index)
