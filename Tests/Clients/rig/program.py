"""One of our programs as a child process: started, read from, ended by its own pid."""

import os
import re
import signal
import subprocess
from pathlib import Path

from .waiting import wait_until


class Program:
    """A server that says where it listens. Its output goes to a file, so that a failure can show its end."""

    _listening = re.compile(r"is listening on (http://[^\s/]+)")

    def __init__(self, name: str, command: list[str], log: Path, environment: dict[str, str] | None = None):
        self.name = name
        self.command = command
        self.log = log
        self.environment = environment or {}
        self.process: subprocess.Popen | None = None
        self._read_from = 0

    def start(self, within: float = 30.0) -> str:
        """Starts the program and returns the address it listens on."""
        self._read_from = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment})
        return wait_until(self._address, f"{self.name} says where it listens", within=within, every=0.02)

    def _address(self) -> str | None:
        with open(self.log, "rb") as output:
            output.seek(self._read_from)
            text = output.read().decode(errors="replace")
        found = self._listening.search(text)
        if found:
            return found.group(1)
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended before it listened:\n{self.tail()}")
        return None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Ends the program in the middle of whatever it does, as a power cut would."""
        if self.is_running:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, within: float = 10.0) -> int | None:
        """Asks the program to end; returns its exit status, or None when it had to be killed."""
        if self.process is None:
            return None
        if self.is_running:
            os.kill(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(within)
            except subprocess.TimeoutExpired:
                self.kill()
                return None
        return self.process.returncode

    def tail(self, lines: int = 40) -> str:
        if not self.log.exists():
            return "(no output)"
        text = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(text)
