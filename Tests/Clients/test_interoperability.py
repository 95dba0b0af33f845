"""docs/interoperability.md tells what this run showed."""

import difflib
import os

import pytest

from conftest import INTEROPERABILITY, REPOSITORY

TABLE = REPOSITORY / "docs" / "interoperability.md"


@pytest.mark.last
def test_the_table_tells_what_this_run_showed(request):
    shown = request.config.stash[INTEROPERABILITY]
    if not shown.ran_whole:
        pytest.skip("only a part of the client tests was asked for")
    text = shown.text()
    if os.environ.get("LOOPSYNC_INTEROPERABILITY") == "write":
        TABLE.write_text(text)
    kept = TABLE.read_text() if TABLE.exists() else ""
    changes = list(difflib.unified_diff(kept.splitlines(), text.splitlines(), "kept", "shown", lineterm="", n=0))
    assert not changes, "\n".join(
        [f"{TABLE.relative_to(REPOSITORY)} is out of date. Run: make interoperability", *changes[:40]])
