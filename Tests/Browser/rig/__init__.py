"""The rig of the browser tests: people at a real Chromium, a mail server, a tenant with one step of the manual skipped.

The programs and the tenant are those of the client tests: their rig is part of this one (`rig.loopsim`, `rig.company`).
What needs their Outlook clients (`rig.office`, `rig.outlook`) is not installed here.
"""

from pathlib import Path

__path__.append(str(Path(__file__).resolve().parents[2] / "Clients" / "rig"))
