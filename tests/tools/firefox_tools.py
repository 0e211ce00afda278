"""A headless Firefox, spoken to by WebDriver BiDi.

Playwright brings a Firefox of its own, which cannot be had everywhere; a
system's Firefox it cannot drive. What the tests ask of one is little: open a
page, compute something in it, press keys, and say what the console said.
"""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import websocket

NAMES = ("firefox-esr", "firefox")
REMEDY = "install Firefox (apt install firefox-esr) to run these tests too"
SETTINGS = {
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PATIENCE = 120
"""Seconds after which it has hung; a busy computer is not that."""


def find_firefox() -> str | None:
    """The path of an installed Firefox."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Firefox:
    """One window; use it in a with statement."""

    def __init__(self, path: str) -> None:
        self.console: list[str] = []
        self._profile = tempfile.TemporaryDirectory()
        settings = "".join(
            f'user_pref("{name}", {json.dumps(value)});\n'
            for name, value in SETTINGS.items()
        )
        Path(self._profile.name, "user.js").write_text(settings, "utf-8")
        self._process = subprocess.Popen(
            [
                path,
                "--headless",
                "--no-remote",
                "--remote-debugging-port=0",
                f"--profile={self._profile.name}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._asked = 0

    def __enter__(self) -> "Firefox":
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if found := LISTENS.search(line):
                break
        else:
            raise RuntimeError("Firefox ended before it listened")
        self._socket = websocket.create_connection(
            f"{found[1]}/session", timeout=PATIENCE, suppress_origin=True
        )
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        tree = self.send("browsingContext.getTree")
        self._window = tree["contexts"][0]["context"]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()
        self._process.kill()
        self._process.communicate()
        self._profile.cleanup()

    def send(self, method: str, **params: Any) -> Any:
        """One command and its answer; what the console says is kept."""
        self._asked += 1
        command = {"id": self._asked, "method": method, "params": params}
        self._socket.send(json.dumps(command))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("method") == "log.entryAdded":
                if answer["params"]["level"] in ("error", "warn"):
                    self.console.append(str(answer["params"]["text"]))
            elif answer.get("id") == self._asked:
                if answer["type"] == "error":
                    raise RuntimeError(f"{method}: {answer['message']}")
                return answer["result"]

    def open(self, page: Path) -> None:
        """Go to a file, and wait until it has loaded."""
        self.send(
            "browsingContext.navigate",
            context=self._window,
            url=page.as_uri(),
            wait="complete",
        )

    def set_width(self, width: int) -> None:
        """Make the window that wide."""
        self.send(
            "browsingContext.setViewport",
            context=self._window,
            viewport={"width": width, "height": 844},
        )

    def evaluate(self, expression: str) -> Any:
        """What a function of JavaScript says, by way of JSON."""
        said = self.send(
            "script.evaluate",
            expression=f"({expression})().then(JSON.stringify)"
            if expression.startswith("async")
            else f"JSON.stringify(({expression})())",
            target={"context": self._window},
            awaitPromise=True,
        )
        if said["type"] == "exception":
            raise RuntimeError(said["exceptionDetails"]["text"])
        return json.loads(said["result"].get("value", "null"))

    def press(self, key: str) -> None:
        """Press and release one key, by WebDriver's code point for it."""
        down, up = (
            {"type": way, "value": key} for way in ("keyDown", "keyUp")
        )
        self._act({"type": "key", "id": "keys", "actions": [down, up]})

    def hover(self, what: str) -> None:
        """Move the pointer over the first such element."""
        x, y = self.evaluate(
            f"() => {{ const at = document.querySelector({what!r});"
            " const {x, y} = at.getClientRects()[0];"
            " return [Math.ceil(x) + 2, Math.ceil(y) + 4]; }"
        )
        move = {"type": "pointerMove", "x": x, "y": y}
        self._act({"type": "pointer", "id": "mouse", "actions": [move]})

    def _act(self, actions: dict) -> None:
        self.send(
            "input.performActions", context=self._window, actions=[actions]
        )
