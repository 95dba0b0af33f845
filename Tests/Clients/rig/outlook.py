"""People at their calendars, through clients that other people wrote.

`OutlookSDK` is Microsoft's msgraph-sdk, `OutlookO365` the O365 package. Both offer the same few verbs, so that a test can
be run with either.
"""

from .o365 import OutlookO365
from .sdk import OutlookSDK

Outlook = OutlookSDK | OutlookO365

__all__ = ["Outlook", "OutlookO365", "OutlookSDK"]
