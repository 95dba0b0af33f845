"""schemathesis against a served OpenAPI document: whatever is sent, no answer is undocumented and none is a failure of
the server."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
)


def check(
    base: str, token: str, folder: Path, *, seconds: int = 60, seed: int | None = None, also: tuple[str, ...] = (),
    leaving_out: tuple[str, ...] = (), only: str | None = None, document: str = "/api/v1/openapi.json",
) -> dict:
    """Calls every operation of the document with good and bad input for some time, and fails with what was answered wrongly.

    `also` names further checks of schemathesis (`ignored_auth`, `missing_required_header`, `unsupported_method`,
    `negative_data_rejection` …), `leaving_out` paths as regular expressions, such as streams that do not end; with
    `only` no other paths are called, and no links followed. The seed is
    printed; with the same one the same calls are made. Returns the report.
    """
    seed = random.SystemRandom().randrange(1, 2**31) if seed is None else seed
    print(f"schemathesis: --seed {seed}, {seconds} s against {base}{document}")
    report = folder / f"contract-{seed}.json"
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "--no-color", "run", base + document, "--url", base,
        "--header", f"Authorization: Bearer {token}", "--checks", ",".join((*CHECKS, *also)),
        "--phases", "examples,coverage,fuzzing" + ("" if only else ",stateful"), "--max-time", str(seconds),
        "--seed", str(seed),
        "--request-timeout", "10", "--warnings", "off", "--continue-on-failure", "--no-shrink",
        "--report", "json", "--report-json-path", str(report),
    ]
    if only:
        command += ["--include-path-regex", only]
    for path in leaving_out:
        command += ["--exclude-path-regex", path]
    # Its caches go where it runs. The phases end a little after their time.
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds * 3 + 60)
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"schemathesis --seed {seed} ended with {done.returncode}:\n{_failures(said)}"
    result = json.loads(report.read_text())
    operations = result["operations"]
    assert operations["tested"] == operations["selected"] > 0, f"not every operation had its turn: {operations}"
    return result


def _failures(said: str) -> str:
    """The failures and what follows them, without the progress before; the token stays out of it."""
    found = re.search(r"^=+ (FAILURES|ERRORS|Schema Loading Error)", said, re.MULTILINE | re.IGNORECASE)
    text = said[found.start():] if found else said
    return re.sub(r"Bearer [^\s'\"]+", "Bearer …", text)[-12_000:]
