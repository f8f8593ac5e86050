"""Set everything up on a bare machine: `python3 scripts/setup.py runtime|dev`.

Needs Python 3.11 or newer, its standard library and a package index; bare Debian has neither pip nor
ensurepip, so uv's wheel (version and hash pinned) is fetched here and does the rest. Installs into
`.venv` what `requirements/` pins by hash, then the project itself. Does nothing where nothing changed.

Index settings are honoured in this order: UV_DEFAULT_INDEX, UV_INDEX_URL, PIP_INDEX_URL, pip's
configuration files, the public index.
"""

from __future__ import annotations

import configparser
import hashlib
import html.parser
import io
import os
import platform
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"

UV_VERSION = "0.13.9"
# The wheels of that version, by system and machine, with their SHA-256.
UV_WHEELS = {
    ("linux", "x86_64"): (
        "py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("linux", "aarch64"): (
        "py3-none-manylinux_2_28_aarch64",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
    ("darwin", "arm64"): (
        "py3-none-macosx_11_0_arm64",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
    ("darwin", "x86_64"): (
        "py3-none-macosx_10_12_x86_64",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
}
# The index of the Python Packaging Authority: the default where the environment names no other.
PUBLIC_INDEX = "https://pypi.org/simple"


class SetupError(Exception):
    """What stops the setup, in one line."""


def main(argv: list[str]) -> int:
    """Set up the group named on the command line."""
    group = argv[0] if argv else "runtime"
    if group not in ("runtime", "dev"):
        print("usage: python3 scripts/setup.py runtime|dev", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older Python
        print(
            f"whoholds needs Python 3.11 or newer; {sys.executable} is {platform.python_version()}. "
            "Install one and run `make PYTHON=python3.12 …`.",
            file=sys.stderr,
        )
        return 2
    try:
        set_up(group)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 4
    return 0


def set_up(group: str) -> None:
    """Bring `.venv` to what `requirements/<group>.txt` and the sources ask for."""
    mark = fingerprint(group)
    stamp = VENV / f".set-up-{group}"
    if stamp.is_file() and stamp.read_text() == mark and (VENV / "bin" / "whoholds").exists():
        return
    uv = find_uv()
    env = uv_environment()
    if not (VENV / "bin" / "python").exists():
        say("making .venv")
        run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], env)
    say(f"installing the packages of requirements/{group}.txt")
    python = ["--quiet", "--python", str(VENV / "bin" / "python")]
    run([uv, "pip", "install", *python, "--require-hashes", "-r", f"requirements/{group}.txt"], env)
    say("building whoholds and its map")
    constraints = ["--build-constraints", "requirements/build.txt"]
    run([uv, "pip", "install", *python, "--no-deps", *constraints, "--editable", "."], env)
    for old in VENV.glob(".set-up-*"):
        # Another group's mark is still true if its pins were not touched; the sources' part is checked.
        if old.read_text().split()[-1:] != mark.split()[-1:]:
            old.unlink()
    stamp.write_text(mark)


def fingerprint(group: str) -> str:
    """What the setup depends on, as two hashes: the pins, and what the project is built from."""
    pins = digest([ROOT / "requirements" / f"{group}.txt", ROOT / "requirements" / "build.txt"])
    sources = [ROOT / "pyproject.toml", ROOT / "hatch_build.py"]
    client = ROOT / "src" / "whoholds" / "web" / "client"
    sources += sorted(p for p in client.rglob("*") if p.is_file() and "node_modules" not in p.parts)
    return f"{sys.version_info[:2]} {pins} {digest(sources)}"


def digest(paths: list[Path]) -> str:
    """One SHA-256 over the names and bytes of files."""
    total = hashlib.sha256()
    for path in paths:
        if path.is_file():
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def find_uv() -> str:
    """The pinned uv, fetched once into `.tools`."""
    target = TOOLS / f"uv-{UV_VERSION}"
    if target.is_file():
        return str(target)
    key = (platform.system().lower(), {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine()))
    if key not in UV_WHEELS:
        found = shutil.which("uv")
        if found:
            return found
        raise SetupError(f"no pinned uv for {key[0]} on {key[1]}; install uv yourself and run again")
    tag, sha256 = UV_WHEELS[key]
    name = f"uv-{UV_VERSION}-{tag}.whl"
    say(f"fetching uv {UV_VERSION}")
    data = fetch_wheel(name)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SetupError(f"{name} does not have the pinned SHA-256; the index serves something else")
    TOOLS.mkdir(exist_ok=True)
    part = TOOLS / f".uv-{os.getpid()}"
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        part.write_bytes(wheel.read(f"uv-{UV_VERSION}.data/scripts/uv"))
    part.chmod(0o755)
    part.replace(target)
    return str(target)


def fetch_wheel(name: str) -> bytes:
    """The bytes of a wheel of uv, found through the index's simple page."""
    index = find_index().rstrip("/")
    page = f"{index}/uv/"
    links = Links()
    links.feed(download(page).decode("utf-8", "replace"))
    for link in links.found:
        address = urllib.parse.urljoin(page, link)
        if urllib.parse.unquote(urllib.parse.urlparse(address).path).rsplit("/", 1)[-1] == name:
            return download(address)
    raise SetupError(f"the package index has no {name}; is it a full mirror?")


class Links(html.parser.HTMLParser):
    """The addresses of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a link points to."""
        self.found += [value for key, value in attrs if tag == "a" and key == "href" and value]


def download(address: str) -> bytes:
    """The bytes at an address, with the login of the address or of a proxy, if it has one."""
    parts = urllib.parse.urlparse(address)
    headers = {"Accept": "text/html, */*"}
    if parts.username:
        from base64 import b64encode

        login = urllib.parse.unquote(f"{parts.username}:{parts.password or ''}")
        headers["Authorization"] = "Basic " + b64encode(login.encode()).decode()
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    try:
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise SetupError(
            f"cannot reach the package index ({reason}); check the network or set PIP_INDEX_URL"
        ) from None


def find_index() -> str:
    """The simple index that the environment names, else the public one."""
    for variable in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(variable):
            return os.environ[variable].split()[0].split("=", 1)[-1]
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    for path in (
        os.environ.get("PIP_CONFIG_FILE"),
        config / "pip" / "pip.conf",
        home / ".pip" / "pip.conf",
        "/etc/pip.conf",
    ):
        if path and Path(path).is_file():
            parser = configparser.ConfigParser(interpolation=None)
            try:
                parser.read(path)
            except configparser.Error:
                continue
            for section in ("install", "global"):
                value = parser.get(section, "index-url", fallback="").strip()
                if value:
                    return value
    return PUBLIC_INDEX


def uv_environment() -> dict[str, str]:
    """The environment for uv: the same index and certificates, and never a Python of its own."""
    env = dict(os.environ)
    index = find_index()
    if index != PUBLIC_INDEX:
        env["UV_DEFAULT_INDEX"] = index
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    certificates = env.get("PIP_CERT")
    if certificates and Path(certificates).exists():
        env.setdefault("SSL_CERT_FILE", certificates)
    if env.get("SSL_CERT_FILE"):
        # npm, which builds the map, trusts its own list alone unless told.
        env.setdefault("NODE_EXTRA_CA_CERTS", env["SSL_CERT_FILE"])
    env.pop("VIRTUAL_ENV", None)
    env.pop("PYTHONPATH", None)
    return env


def run(command: list[str], env: dict[str, str]) -> None:
    """Run one step; its own words are the error's."""
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if done.returncode:
        raise SetupError(
            f"`{Path(command[0]).name} {' '.join(command[1:3])}` failed; its reason stands above"
        )


def say(line: str) -> None:
    """One line of progress."""
    print(f"setup: {line} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
