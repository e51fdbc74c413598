"""Shares, intervals and quantiles: formulas alone, each with its source."""

from collections.abc import Sequence
from math import floor, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Z_95 = 1.959964


class Interval(NamedTuple):
    """Two bounds of a share, between 0 and 1."""

    low: float
    high: float


def wilson(count: int, total: int, z: float = Z_95) -> Interval:
    """Give the score interval of the share `count / total`.

    Wilson (1927), "Probable inference", J. Am. Stat. Assoc. 22, 209-212, without continuity
    correction. Raises `ValueError` unless 0 <= count <= total and total > 0.
    """
    if not 0 <= count <= total or total == 0:
        raise ValueError(f"{count} of {total} is not a share")
    share = count / total
    middle = share + z * z / (2 * total)
    reach = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low, high = (middle - reach) / scale, (middle + reach) / scale
    # At 0 and 100 per cent, rounding could push a bound past the share itself.
    return Interval(max(0.0, min(share, low)), min(1.0, max(share, high)))


def quantiles(values: NDArray[np.generic], at: Sequence[float]) -> list[float]:
    """Give quantiles by linear interpolation (type 7 of Hyndman and Fan, 1996).

    Raises `ValueError` without values.
    """
    if not values.size:
        raise ValueError("no values, no quantile")
    found = np.quantile(values.astype(np.float64), list(at), method="linear")
    return [float(value) for value in found]


def percent(count: int, total: int, step: int = 1) -> int:
    """Give a share in per cent to the nearest `step`, half up, from the exact fraction."""
    return (200 * count + step * total) // (2 * step * total) * step


def percent_of(share: float) -> int:
    """Give a bound of an interval in whole per cent, half up."""
    return floor(share * 100 + 0.5)
