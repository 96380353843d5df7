"""Processes of a lesson on scaling out: workers, and a PostgreSQL server in a temporary folder.

Whatever is started here is ended by its process id: by `close`, at the end of a ``with`` block,
when Python exits, and even when Python is killed. Servers listen on this machine alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

__all__ = [
    "PostgresMissing",
    "TemporaryPostgres",
    "Worker",
    "count_heartbeats",
    "find_postgres",
    "free_port",
    "start_worker",
    "temporary_postgres",
    "wait_until",
]

HOST = "127.0.0.1"
_HOW_TO_GET_IT = (
    "PostgreSQL is not installed here (no initdb): `sudo apt-get install postgresql` on Debian or "
    "Ubuntu, `brew install postgresql` on macOS"
)
_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql*/bin",  # macOS
    "/usr/local/opt/postgresql*/bin",
)
# Ends a worker when the pipe to its parent closes, that is, when the parent is no more.
_BOOT = """
import os, runpy, sys, threading

def leave_with_parent():
    os.read(0, 1)
    os._exit(1)

threading.Thread(target=leave_with_parent, daemon=True).start()
sys.argv[:] = sys.argv[1:]
sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
runpy.run_path(sys.argv[0], run_name="__main__")
"""
# The same for a server, which knows nothing of the pipe: signal, process id, folder to remove.
_WATCH = 'read _; kill -"$1" "$2"; sleep 5; rm -rf "$3"'


class PostgresMissing(RuntimeError):
    """Raised where PostgreSQL is wanted and not installed; the message says how to get it."""


def wait_until(condition: Callable[[], Any], seconds: float = 300, what: str = "a condition"):
    """Ask again and again, until the answer is true.

    Parameters
    ----------
    condition : callable
        Called without arguments, about twenty times a second.
    seconds : float, default=300
        A generous limit: a busy machine is slow.
    what : str
        What is waited for, for the message.

    Returns
    -------
    object
        What `condition` returned in the end.

    Raises
    ------
    TimeoutError
        If it has not become true in time.

    Examples
    --------
    >>> answers = iter([0, 0, 7])
    >>> wait_until(lambda: next(answers))
    7
    """
    end = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} seconds for {what}")
        time.sleep(0.05)
    return answer


def free_port() -> int:
    """Find a port of this machine that nobody listens on.

    Examples
    --------
    >>> 1024 <= free_port() < 65536
    True
    """
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def find_postgres() -> Path | None:
    """Find the folder with PostgreSQL's programs: that of `initdb` in PATH, or the newest one.

    Returns
    -------
    Path or None
        None if there is none, or on Windows.

    Examples
    --------
    >>> folder = find_postgres()
    >>> folder is None or (folder / "initdb").exists()
    True
    """
    if os.name != "posix":
        return None
    folders = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    for pattern in _FOLDERS:
        folders += sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)
    wanted = ("initdb", "postgres", "pg_isready")
    return next((f for f in folders if all((f / name).exists() for name in wanted)), None)


def _version(folder):
    return [int(part) for part in re.findall(r"\d+", str(folder))]


def count_heartbeats(url: str, study_name: str) -> int:
    """Count the running trials of a study that have written a heartbeat.

    A worker that dies before its first beat is never noticed.

    Parameters
    ----------
    url : str
        The database, as Optuna's `RDBStorage` takes it.
    study_name : str

    Returns
    -------
    int

    Examples
    --------
    >>> import optuna
    >>> with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    ...     url = f"sqlite:///{folder}/study.db"
    ...     study = optuna.create_study(storage=url, study_name="s")
    ...     _ = study.ask()  # nobody beats without optimize
    ...     count_heartbeats(url, "s")
    0
    """
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    running = (
        "SELECT count(*) FROM trial_heartbeats JOIN trials USING (trial_id) "
        "JOIN studies USING (study_id) WHERE study_name = :name AND state = 'RUNNING'"
    )
    try:
        with engine.connect() as connection:
            return connection.execute(sa.text(running), {"name": study_name}).scalar()
    finally:
        engine.dispose()


class TemporaryPostgres:
    """A PostgreSQL server of its own, in a temporary folder, that nobody else can reach.

    It is made with `initdb`, listens on 127.0.0.1 on a free port, lets its only user, ``tuneup``,
    in without a password, and is gone without a trace after `close`. PostgreSQL refuses to run as
    root: then it runs as the user ``postgres`` that its package has made.

    Parameters
    ----------
    port : int, optional
        By default a free one.
    max_connections : int, default=100
        How many connections the server takes.
    seconds : float, default=120
        How long to wait for the start.

    Attributes
    ----------
    url : str
        What SQLAlchemy, and so Optuna, calls the server.
    pid : int
        Its process id.
    port : int

    Raises
    ------
    PostgresMissing
        If PostgreSQL is not installed. The message says how to get it.
    RuntimeError
        If the server does not start: the port is taken, say. The message ends with its last words.

    References
    ----------
    initdb: https://www.postgresql.org/docs/current/app-initdb.html

    Examples
    --------
    >>> with temporary_postgres() as server:  # doctest: +SKIP
    ...     study = optuna.create_study(storage=server.url)
    """

    def __init__(
        self, *, port: int | None = None, max_connections: int = 100, seconds: float = 120
    ):
        programs = find_postgres()
        if programs is None:
            raise PostgresMissing(_HOW_TO_GET_IT)
        self._programs = programs
        self._seconds = seconds
        self._account = _account()
        self._settings = {
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "max_connections": max_connections,
            "shared_buffers": "32MB",
        }
        self._folder = Path(tempfile.mkdtemp(prefix="tuneup-postgres-"))
        self._running: dict[str, subprocess.Popen] = {}
        self._finalizer = weakref.finalize(self, _end_server, self._running, self._folder)
        try:
            self._make()
            for attempt in range(3):
                self.port = port or free_port()
                try:
                    self._start()
                    return
                except RuntimeError:
                    if port or attempt == 2 or "could not bind" not in self._last_words():
                        raise
                    _end(self._running, signal.SIGINT)  # somebody took the port in between
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """What SQLAlchemy calls the server."""
        return f"postgresql+psycopg://tuneup@{HOST}:{self.port}/postgres"

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._running["server"].pid

    def restart(self) -> None:
        """Let the server crash, as in a power cut, and start it again.

        It is told to stop at once (SIGQUIT): it hangs up on everybody and writes nothing more.
        What was committed is in its log, and is recovered at the start.

        Raises
        ------
        RuntimeError
            If the server is closed, or does not start again.
        """
        if "server" not in self._running:
            raise RuntimeError("the server is closed: make a new one by temporary_postgres()")
        _end(self._running, signal.SIGQUIT)
        self._start()

    def close(self) -> None:
        """Stop the server and remove its folder; a second call does nothing."""
        self._finalizer()

    def __enter__(self) -> TemporaryPostgres:
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def _run(self, program, *arguments):
        return subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            **self._account,
        )

    def _make(self):
        """Make the database cluster."""
        if "user" in self._account:
            shutil.chown(self._folder, self._account["user"], self._account["group"])
        made = self._run(
            *("initdb", "-D", self._folder / "data", "-U", "tuneup", "-A", "trust"),
            *("-E", "UTF8", "--locale=C", "--no-sync"),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()[-500:]}")

    def _start(self):
        """Start the server, and wait until it answers."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        with open(self._folder / "log", "a") as log:
            server = subprocess.Popen(
                [self._programs / "postgres", "-D", "data", "-p", str(self.port), *settings],
                cwd=self._folder,
                env={**os.environ, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._account,
            )
        self._running["server"] = server
        self._running["watch"] = subprocess.Popen(
            ["sh", "-c", _WATCH, "sh", "INT", str(server.pid), str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._answers, self._seconds, "PostgreSQL to start")
        except TimeoutError as error:
            raise RuntimeError(f"{error}: {self._last_words()}") from None

    def _answers(self):
        if self._running["server"].poll() is not None:
            raise RuntimeError(
                f"PostgreSQL did not start on port {self.port}: {self._last_words()}"
            )
        where = ("-h", HOST, "-p", str(self.port), "-d", "postgres", "-U", "tuneup")
        return self._run("pg_isready", "-q", *where).returncode == 0

    def _last_words(self):
        with contextlib.suppress(OSError):
            return (self._folder / "log").read_text()[-500:]
        return ""


def _account():
    """Return what makes a child run as `postgres`, if we are root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    try:
        group = pwd.getpwnam("postgres").pw_gid
    except KeyError:
        raise PostgresMissing(
            "PostgreSQL refuses to run as root, and there is no user 'postgres' to run it as: run "
            "this as an ordinary user"
        ) from None
    return {"user": "postgres", "group": group, "extra_groups": []}


def _end(running, by):
    """End the server, and then what watches over it."""
    if server := running.pop("server", None):
        if server.poll() is None:
            server.send_signal(by)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    if watch := running.pop("watch", None):
        watch.kill()
        watch.wait()
        watch.stdin.close()


def _end_server(running, folder):
    _end(running, signal.SIGINT)  # SIGINT: a fast shutdown
    shutil.rmtree(folder, ignore_errors=True)


def temporary_postgres(
    *, port: int | None = None, max_connections: int = 100, seconds: float = 120
) -> TemporaryPostgres:
    """Start a PostgreSQL server of our own in a temporary folder; see `TemporaryPostgres`.

    Parameters
    ----------
    port : int, optional
        By default a free one.
    max_connections : int, default=100
    seconds : float, default=120
        How long to wait for the start.

    Returns
    -------
    TemporaryPostgres
        Close it, or use it in a ``with`` statement.

    Raises
    ------
    PostgresMissing
        If PostgreSQL is not installed.
    RuntimeError
        If the server does not start.

    Examples
    --------
    >>> with temporary_postgres() as server:  # doctest: +SKIP
    ...     study = optuna.create_study(storage=server.url)
    """
    return TemporaryPostgres(port=port, max_connections=max_connections, seconds=seconds)


class Worker:
    """A Python script that runs as a process of its own; see `start_worker`.

    Attributes
    ----------
    pid : int
        The process id.
    """

    def __init__(self, script: str | Path, arguments: Sequence[Any]):
        self._folder = Path(tempfile.mkdtemp(prefix="tuneup-worker-"))
        with open(self._folder / "out", "w") as out, open(self._folder / "err", "w") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-c", _BOOT, str(script), *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
            )
        self._finalizer = weakref.finalize(self, _end_worker, self._process, self._folder)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def lines(self) -> list[str]:
        """The whole lines that it has printed so far."""
        return (self._folder / "out").read_text().split("\n")[:-1]

    @property
    def errors(self) -> str:
        """What it has written to stderr so far."""
        return (self._folder / "err").read_text()

    @property
    def alive(self) -> bool:
        """Whether it is running."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill it as `kill -9` does: it cannot say goodbye."""
        self._process.kill()
        self._process.wait()

    def wait(self, seconds: float = 600) -> int:
        """Wait until it has ended.

        Returns
        -------
        int
            Its return code: 0 if all went well.

        Raises
        ------
        TimeoutError
            If it is still running after so many seconds; it is killed then.
        """
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TimeoutError(f"a worker was not ready after {seconds:g} seconds") from None

    def close(self) -> None:
        """Kill it if it is running, and forget what it printed."""
        self._finalizer()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *exception) -> None:
        self.close()


def _end_worker(process, folder):
    process.kill()
    process.wait()
    process.stdin.close()
    shutil.rmtree(folder, ignore_errors=True)


def start_worker(script: str | Path, *arguments: Any) -> Worker:
    """Start a Python script as a process of its own, with the Python that runs now.

    The worker ends with the Python that has started it, even if that one is killed.

    Parameters
    ----------
    script : str or Path
        The script.
    *arguments
        Its arguments, as `str` writes them.

    Returns
    -------
    Worker

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     script = pathlib.Path(folder, "hello.py")
    ...     _ = script.write_text("import sys; print('hello', sys.argv[1])")
    ...     with start_worker(script, 7) as worker:
    ...         print(worker.wait(), worker.lines)
    0 ['hello 7']
    """
    return Worker(script, arguments)
