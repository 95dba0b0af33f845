"""Everything that went over the wire in this session kept to Microsoft's published schema."""

import pytest

from rig.company import OUTLOOK_CLIENT, SYNC_CLIENT


@pytest.mark.last
def test_every_request_and_reply_keeps_to_the_schema(sim):
    report = sim.violations()
    checked = report["checked"]
    if checked["requests"] == 0:
        pytest.skip("nothing was asked of Graph in this session")
    assert checked["replies"] > 0
    clients = {entry["number"]: entry.get("client") for entry in sim.requests_since(0)}
    # The O365 package, which is not ours, sends a Boolean in quotation marks and HTML in capitals. Graph takes both.
    of_others = ("isOnlineMeeting", "contentType")
    ours = [
        violation for violation in report["violations"]
        if clients.get(violation["number"]) != OUTLOOK_CLIENT
        or not any(name in violation["where"] + violation["message"] for name in of_others)]
    assert ours == [], f"{len(ours)} violations in {checked}"


@pytest.mark.last
def test_our_connector_was_among_those_checked(sim, request):
    if not any("office" in item.fixturenames for item in request.session.items if item is not request.node):
        pytest.skip("the service was not started in this session")
    assert any(entry.get("client") == SYNC_CLIENT and entry["method"] != "GET" for entry in sim.requests_since(0))
