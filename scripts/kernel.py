"""Turns the kernel's text into the bytes that product.js holds.

    python scripts/kernel.py

tutorgpt/view/assets/product.wat is WebAssembly in words; wasmtime assembles
it. The bytes go into product.js as base64, so that a page opened from a file
has them without fetching anything.
"""

import base64
import re
from pathlib import Path

import wasmtime

from tutorgpt.ground.whole_files import write_whole

ASSETS = Path(__file__).parents[1] / "tutorgpt" / "view" / "assets"
SOURCE = ASSETS / "product.wat"
SCRIPT = ASSETS / "product.js"
HELD = re.compile(r'(?<=const KERNEL = ")[A-Za-z0-9+/=]*(?=";)')
"""Where the base64 stands in product.js."""


def assembled() -> bytes:
    """The kernel in WebAssembly's binary format."""
    return bytes(wasmtime.wat2wasm(SOURCE.read_text("utf-8")))


def held() -> bytes:
    """The bytes that product.js holds."""
    [found] = HELD.findall(SCRIPT.read_text("utf-8"))
    return base64.b64decode(found)


def main() -> None:
    """Put the bytes into product.js."""
    made = base64.b64encode(assembled()).decode("ascii")
    script = SCRIPT.read_text("utf-8")
    write_whole(SCRIPT, HELD.sub(made, script))


if __name__ == "__main__":
    main()
