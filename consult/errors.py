"""The ways in which the program says no; each room's own errors are kinds of these.

`frame/refusals.py` turns a kind into a page (404, 409, 422, 503) or into one line and exit 1.
"""


class Refused(Exception):
    """What was asked cannot be done; the message is one line for a terminal, without content."""


class NotFound(Refused):
    """There is no such thing, or not for this person: the two must look alike."""


class NotNow(Refused):
    """It could be done at another time or from another page: closed, expired, already done."""


class BadInput(Refused):
    """What was handed in breaks a rule; the message says where and which."""


class Busy(Refused):
    """Too much is going on at this moment; the same will work in a little while."""
