"""/proc/PID/status, stat and statm, /proc/meminfo and vmstat, and the settings under /proc/sys and /sys."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.fs.proc.root import find
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.journal import Rows
from webapp.kernel.mm.vmstat import NAMES, NEVER


@pytest.fixture(scope="module")
def rows() -> Rows:
    b = Bench(read_ahead_kb=64)

    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 4)
        await cpu.load(at, 1)
        await cpu.syscall("mmap", 0, 8 * PAGE, 3, 0x22, -1, 0)

    b.run(program)
    return b.rows()


def read(rows: Rows, path: str) -> str:
    found = find(rows, path, "task/1")
    assert found
    return found[0].show(rows, found[1])


def test_stat_has_the_fields_of_proc_5(rows: Rows) -> None:
    fields = read(rows, "/proc/self/stat").split()

    assert len(fields) == 52
    assert fields[:4] == ["101", "(prog)", "Z", "1"]
    assert (fields[9], fields[11]) == ("0", "1")  # minor and major faults
    assert int(fields[22]) == int(read(rows, "/proc/self/statm").split()[0]) * PAGE
    assert fields[37] == "17"  # SIGCHLD


def test_status_and_statm_agree(rows: Rows) -> None:
    lines = dict(line.split(":\t", 1) for line in read(rows, "/proc/self/status").splitlines())
    size, resident, shared, text, _, data, _ = map(int, read(rows, "/proc/self/statm").split())

    assert lines["VmSize"] == f"{size * 4:8} kB"
    assert lines["VmRSS"] == f"{resident * 4:8} kB"
    assert int(lines["RssFile"].split()[0]) + int(lines["RssShmem"].split()[0]) == shared * 4
    assert lines["VmExe"] == f"{text * 4:8} kB"
    assert int(lines["VmData"].split()[0]) + int(lines["VmStk"].split()[0]) == data * 4


def test_the_pid_may_stand_for_self(rows: Rows) -> None:
    assert read(rows, "/proc/101/maps") == read(rows, "/proc/self/maps")
    assert find(rows, "/proc/4711/maps", "task/1") is None
    assert find(rows, "/proc/self/environ", "task/1") is None
    assert find(rows, "/etc/passwd", "task/1") is None


def test_meminfo_counts_pages_in_kib(rows: Rows) -> None:
    lines = dict(line.split(":", 1) for line in read(rows, "/proc/meminfo").splitlines())

    assert lines["MemTotal"].strip() == "500728 kB"  # as on the real machine with 512 MiB
    assert lines["CommitLimit"].strip() == "250364 kB"
    assert lines["Cached"].split()[0] == str(rows["vmstat"]["nr_file_pages"] * 4)


def test_vmstat_tells_no_counter_that_is_not_kept(rows: Rows) -> None:
    names = [line.split()[0] for line in read(rows, "/proc/vmstat").splitlines()]

    assert names == [name for name in NAMES if name in names]
    assert set(NEVER) <= set(names)
    assert "nr_slab_reclaimable" not in names


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/sys/block/vda/queue/read_ahead_kb", "64\n"),
        ("/sys/kernel/debug/fault_around_bytes", "65536\n"),
        ("/proc/sys/vm/dirty_ratio", "20\n"),
        ("/proc/sys/vm/max_map_count", "65530\n"),
        ("/proc/self/fd", "3 -> /mnt/data.bin\n"),
    ],
)
def test_settings_and_descriptors(rows: Rows, path: str, text: str) -> None:
    assert read(rows, path) == text
