"""The operator's side: the loopsync program, its commands and its service."""

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .program import Program


@dataclass
class Answer:
    """What a command said and how it ended."""

    command: str
    status: int
    output: str
    errors: str

    @property
    def json(self):
        try:
            return json.loads(self.output)
        except json.JSONDecodeError:
            raise AssertionError(f"{self.command} did not answer in JSON:\n{self.output}\n{self.errors}") from None

    @property
    def text(self) -> str:
        return self.output + self.errors


class Loopsync:
    """The program with one database."""

    def __init__(self, binary: Path, folder: Path, settings: dict[str, str] | None = None, name: str = "loopsync"):
        self.binary = binary
        self.folder = folder
        self.database = folder / f"{name}.sqlite"
        # Fast enough for people who wait for a test; each setting is one an operator has.
        self.environment = {
            "LOOPSYNC_VAULT_KEY": base64.b64encode(os.urandom(32)).decode(),
            "LOOPSYNC_SYNC_BUSY_SECONDS": "0.3", "LOOPSYNC_SYNC_NORMAL_SECONDS": "0.4",
            "LOOPSYNC_SYNC_IDLE_SECONDS": "0.5", "LOOPSYNC_SYNC_READINGS_PER_SECOND": "100",
            **(settings or {}),
        }
        self.listen = "127.0.0.1:0"
        self.program = Program(name, [], folder / f"{name}.log", self.environment)
        self.url = ""

    def serve(self) -> str:
        """Starts the service; the same port again when it is started again."""
        self.program.command = [
            str(self.binary), "serve", "--database", str(self.database), "--listen", self.listen]
        self.url = self.program.start()
        self.listen = self.url.removeprefix("http://")
        return self.url

    def run(self, *arguments: str, within: float = 60.0, settings: dict[str, str] | None = None) -> Answer:
        command = [str(self.binary), *arguments, "--database", str(self.database)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=within,
            env={**os.environ, **self.environment, **(settings or {})})
        return Answer("loopsync " + " ".join(arguments), done.returncode, done.stdout, done.stderr)

    def ask(self, *arguments: str, within: float = 60.0):
        """Runs a command that must work, and returns its answer as JSON."""
        answer = self.run(*arguments, "--json", within=within)
        if answer.status != 0:
            raise AssertionError(f"{answer.command} ended with {answer.status}:\n{answer.text}")
        return answer.json

    def do(self, *arguments: str, within: float = 60.0) -> Answer:
        """Runs a command that must work."""
        answer = self.run(*arguments, within=within)
        if answer.status != 0:
            raise AssertionError(f"{answer.command} ended with {answer.status}:\n{answer.text}")
        return answer
