"""The rig: starts the real programs, seeds a tenant, and speaks for the people on both sides.

Nothing in here knows how the programs work inside: the Outlook side goes through clients that other people wrote (msal,
msgraph-sdk, O365), the LoopBooking side through the REST API, the operator through the command line.
"""
