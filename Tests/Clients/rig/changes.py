"""The meeting, the series of five, and the changes of time that every organizer is tried with."""

from .recurrence import weekday, weekly
from .when import at

WHEN = at("10:00", days=3)
FIVE = weekly(weekday(WHEN.start.date())).times(5)
CHANGES = {
    "moved": WHEN.moved(hours=2),
    "shortened": WHEN.lasting(30),
    "extended": WHEN.lasting(120),
}
