"""Workers and a temporary PostgreSQL: they start, answer, and end whatever happens."""

import os
import pwd
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tuneup_helpers import servers
from tuneup_helpers.servers import (
    PostgresMissing,
    count_heartbeats,
    find_postgres,
    free_port,
    start_worker,
    temporary_postgres,
    wait_until,
)

LESSON = Path(__file__).parent.parent / "notebooks" / "17b_many_workers_one_study.ipynb"


def is_running(pid):
    """Tell whether a process is there and no zombie."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def write(folder, text):
    script = folder / "script.py"
    script.write_text(text)
    return script


def test_waiting_ends_with_the_answer_or_says_for_what_it_waited():
    assert wait_until(iter([0, "", "yes"]).__next__) == "yes"
    with pytest.raises(TimeoutError, match=r"waited 0\.1 seconds for Godot"):
        wait_until(lambda: False, 0.1, "Godot")


def test_a_worker_gets_its_arguments_and_its_neighbours(tmp_path):
    (tmp_path / "beside.py").write_text("word = 'beside'")
    text = "import sys; from beside import word; print(word, *sys.argv[1:]); print('half', end='')"
    with start_worker(write(tmp_path, text), 1, "two", tmp_path) as worker:
        assert worker.wait() == 0
        assert worker.lines == [f"beside 1 two {tmp_path}"], "whole lines only"
        assert worker.errors == ""
        assert not worker.alive


def test_the_error_of_a_worker_can_be_read(tmp_path):
    with start_worker(write(tmp_path, "raise KeyError('lost')")) as worker:
        assert worker.wait() == 1
        assert "KeyError: 'lost'" in worker.errors


def test_a_worker_can_be_killed_and_its_lines_stay(tmp_path):
    text = "import time; print('busy'); time.sleep(3600)"
    with start_worker(write(tmp_path, text)) as worker:
        wait_until(lambda: worker.lines == ["busy"])
        assert worker.alive
        worker.kill()
        assert not worker.alive
        assert worker.wait() == -signal.SIGKILL
        assert worker.lines == ["busy"]


def test_closing_ends_a_worker_and_a_late_one_is_told(tmp_path):
    script = write(tmp_path, "import time; print('busy'); time.sleep(3600)")
    worker = start_worker(script)
    with pytest.raises(TimeoutError, match="a worker was not ready after"):
        worker.wait(0.1)
    assert not worker.alive
    other = start_worker(script)
    pid, folder = other.pid, other._folder
    other.close()
    other.close()
    assert not is_running(pid)
    assert not folder.exists()


def test_a_worker_ends_with_the_python_that_started_it(tmp_path):
    script = write(tmp_path, "import time; time.sleep(3600)")
    parent = (
        "import sys, time; from tuneup_helpers.servers import start_worker; "
        "worker = start_worker(sys.argv[1]); print(worker.pid, flush=True); time.sleep(3600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent, str(script)], stdout=subprocess.PIPE, text=True
    ) as process:
        pid = int(process.stdout.readline())
        assert is_running(pid)
        process.kill()
    wait_until(lambda: not is_running(pid), what="the orphan to end")


def test_heartbeats_are_counted_of_running_trials_of_one_study(tmp_path):
    import optuna

    url = f"sqlite:///{tmp_path / 'study.db'}"
    with pytest.warns(optuna.exceptions.ExperimentalWarning, match="heartbeat_interval"):
        storage = optuna.storages.RDBStorage(url, heartbeat_interval=1)
    counts = []

    def objective(trial):
        wait_until(lambda: count_heartbeats(url, "a") == 1)
        counts.append(count_heartbeats(url, "b"))
        return 0.0

    for name in "ba":
        optuna.create_study(study_name=name, storage=storage)
    optuna.load_study(study_name="a", storage=storage).optimize(objective, n_trials=2)
    assert counts == [0, 0], "none in the other study"
    assert count_heartbeats(url, "a") == 0, "a finished trial does not run"


def test_without_postgres_the_cure_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(servers, "_FOLDERS", (f"{tmp_path}/*/bin",))
    assert find_postgres() is None
    with pytest.raises(PostgresMissing, match="apt-get install postgresql"):
        temporary_postgres()


def test_half_an_installation_is_none_and_the_newest_is_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(servers, "_FOLDERS", (f"{tmp_path}/*/bin",))
    for version in ("9", "15", "17"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        for name in ("initdb", "postgres", "pg_isready"):
            (folder / name).touch()
    assert find_postgres() == tmp_path / "17" / "bin"
    (tmp_path / "17" / "bin" / "postgres").unlink()
    assert find_postgres() == tmp_path / "15" / "bin"
    monkeypatch.setattr(os, "name", "nt")
    assert find_postgres() is None


def test_as_root_it_runs_as_the_user_of_its_package(monkeypatch):
    known = pwd.struct_passwd(("postgres", "x", 101, 102, "", "/", "/bin/sh"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", {"postgres": known}.__getitem__)
    assert servers._account() == {"user": "postgres", "group": 102, "extra_groups": []}
    monkeypatch.setattr(pwd, "getpwnam", {}.__getitem__)
    with pytest.raises(PostgresMissing, match="refuses to run as root"):
        servers._account()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert servers._account() == {}


def connects(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_a_server_answers_on_loopback_only_and_is_gone_when_closed(postgres_installed):
    psycopg = pytest.importorskip("psycopg")
    with temporary_postgres(max_connections=7) as server:
        pid, folder, port = server.pid, server._folder, server.port
        where = server.url.replace("+psycopg", "")
        with psycopg.connect(where) as connection:
            asked = [
                connection.execute(f"SHOW {name}").fetchone()[0]
                for name in ("listen_addresses", "unix_socket_directories", "max_connections")
            ]
            superuser = connection.execute("SELECT current_user").fetchone()[0]
        assert asked == ["127.0.0.1", "", "7"]
        assert superuser == "tuneup"
        assert is_running(pid)
        if os.geteuid() == 0:
            owner = subprocess.run(["ps", "-o", "user=", "-p", str(pid)], capture_output=True)
            assert owner.stdout.decode().strip() == "postgres"
    assert not is_running(pid)
    assert not folder.exists()
    assert not connects(port)
    server.close()
    with pytest.raises(RuntimeError, match="the server is closed"):
        server.restart()


def test_what_is_committed_outlives_a_crash(postgres_installed):
    psycopg = pytest.importorskip("psycopg")
    with temporary_postgres() as server:
        where, pid = server.url.replace("+psycopg", ""), server.pid
        with psycopg.connect(where) as connection:
            connection.execute("CREATE TABLE kept (x int)")
            connection.execute("INSERT INTO kept VALUES (17)")
        hanging = psycopg.connect(where)
        hanging.execute("INSERT INTO kept VALUES (18)")  # not committed
        server.restart()
        assert server.pid != pid
        assert not is_running(pid)
        with psycopg.connect(where) as connection:
            assert connection.execute("SELECT x FROM kept").fetchall() == [(17,)]
        with pytest.raises(psycopg.OperationalError):
            hanging.execute("SELECT 1")
        hanging.close()


def test_a_port_that_is_taken_is_told_and_nothing_is_left(postgres_installed, monkeypatch):
    folders = []
    real = servers.tempfile.mkdtemp
    monkeypatch.setattr(
        servers.tempfile, "mkdtemp", lambda **named: folders.append(real(**named)) or folders[-1]
    )
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"did not start on port {port}(.|\n)*could not bind"):
            temporary_postgres(port=port)
        # One that is snatched away in between: the next one is tried.
        ports = iter([port, free_port()])
        monkeypatch.setattr(servers, "free_port", lambda: next(ports))
        with temporary_postgres() as server:
            assert server.port != port
    assert len(folders) == 2
    assert not any(Path(folder).exists() for folder in folders)


@pytest.mark.parametrize("end", ["kill", "exit"])
def test_a_server_ends_with_the_python_that_started_it(postgres_installed, end):
    parent = (
        "import sys; from tuneup_helpers.servers import temporary_postgres; "
        "server = temporary_postgres(); print(server.pid, server._folder, flush=True); "
        "sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        pid, folder = process.stdout.readline().split()
        assert is_running(pid)
        if end == "kill":
            process.kill()
        else:
            process.stdin.write("\n")
            process.stdin.flush()
        process.wait(120)
    wait_until(lambda: not is_running(pid), what="the orphan to end")
    wait_until(lambda: not Path(folder).exists(), what="its folder to be removed")


def test_the_snippet_resumes_a_study_on_a_server(postgres_installed, tmp_path):
    pytest.importorskip("psycopg")
    import optuna

    cells = nbformat.read(LESSON, as_version=4).cells
    (source,) = [c.source for c in cells if "STUDY_URL" in c.source and c.cell_type == "code"]
    script = write(tmp_path, source)
    with temporary_postgres() as server:
        for finished in (10, 20):
            run = subprocess.run(
                [sys.executable, "-W", "error", str(script)],
                env={**os.environ, "STUDY_URL": server.url},
                capture_output=True,
                text=True,
            )
            assert (run.stdout, run.stderr) == ("10 more trials\n", "")
            study = optuna.load_study(study_name="resumed", storage=server.url)
            assert len(study.trials) == finished
            assert len({trial.params["x"] for trial in study.trials}) == finished
            study._storage._backend.engine.dispose()


def test_the_lesson_ran_on_postgres_when_it_was_stored():
    text = LESSON.read_text()
    assert re.search("A PostgreSQL server of our own is running", text)
