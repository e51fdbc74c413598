"""What one address may do within ten minutes, and how much disk must be left for a new form."""

from dataclasses import dataclass, field

from flask import request

from config.settings import Settings
from consult.errors import Busy
from consult.submissions import lanes
from consult.submissions.lanes import Window
from consult.submissions.models import Lane

WRONG_CODES = 30


class NoRoom(Busy):
    """So little disk is left that no new form may begin; forms under way may still be sent."""


@dataclass
class Floods:
    """The counts of one process; they live in its memory and nowhere else."""

    settings: Settings
    sends: Window = field(init=False)
    guesses: Window = field(default_factory=lambda: Window(WRONG_CODES))

    def __post_init__(self) -> None:
        self.sends = Window(self.settings.sends_per_address)

    def lane(self, at: float) -> Lane:
        """Count a send and give its lane."""
        return lanes.lane_of(self.sends, self.address(), at)

    def address(self) -> str:
        """Give the caller's address, from the socket or from the proxy's one header."""
        header = self.settings.proxy_header
        return (request.headers.get(header, "") if header else request.remote_addr) or ""

    def refuse_without_disk(self) -> None:
        """Raise `NoRoom` below the least free disk (SAFETY 6.1)."""
        if self.settings.lacks_disk():
            raise NoRoom("too little disk is left for new forms")
