"""Prints how fast stages reach clients, how equally clients are served, and how long others wait meanwhile.

The server is a process of its own, and so are the clients; both share this machine. *Live* means that the model
computes while it is watched; *again* means that recorded stages are sent once more, so that only the wire works.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect

ROOT = Path(__file__).parent.parent.parent
BATCH = re.compile(r'42\["stages",\{"run":"[^"]*","from":(\d+),')
BETWEEN = '},{"n":'  # two stages
PROGRAM = """// Touch every page of a file, far from one another.
// files: data.bin=PAGES
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, PAGES * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	unsigned int sum = 0, page = 0;
	madvise((void *)p, PAGES * 4096, MADV_RANDOM);
	for (int i = 0; i < PAGES; i++) {
		page = (page + 37) % PAGES;
		sum += p[page * 4096];
	}
	printf("%u\\n", sum);
	return 0;
}
"""
ONE = PROGRAM.replace("PAGES", "512")
MANY = PROGRAM.replace("PAGES", "64")


@contextmanager
def server() -> Iterator[str]:
    """A server on a free port; yields host:port."""
    command = [sys.executable, "-c", "from webapp.web import serve; serve(port=0)"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split("//")[1].strip()
    finally:
        process.terminate()
        process.wait()


class Client:
    """Takes in batches as fast as it can: it counts stages and does not decode them."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.run = ""
        self.have = 0
        self.bytes = 0

    async def say(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send a message, wait for its reply; stages that come before it are dropped."""
        await self.socket.send("427" + orjson.dumps([event, payload]).decode())
        while not (text := await self.hear()).startswith("437"):
            pass
        reply: dict[str, Any] = orjson.loads(text[3:])[0]
        return reply

    async def hear(self) -> str:
        """The next packet; pings are answered."""
        while (text := str(await self.socket.recv())) == "2":
            await self.socket.send("3")
        return text

    async def follow(self) -> float:
        """Take in everything up to the end of the run; the seconds that it took."""
        started = time.perf_counter()
        while not (text := await self.hear()).startswith('42["ended"'):
            if batch := BATCH.match(text):
                self.have = int(batch[1]) + text.count(BETWEEN) + 1
                self.bytes += len(text)
                await self.socket.send(f'42["ack",{{"run":"{self.run}","have":{self.have}}}]')
        return time.perf_counter() - started


async def joined(address: str, deflate: bool = False) -> Client:
    """A connected client."""
    url = f"ws://{address}/socket.io/?EIO=4&transport=websocket"
    socket = await connect(url, max_size=None, compression="deflate" if deflate else None)
    await socket.recv()
    await socket.send("40")
    await socket.recv()
    return Client(socket)


async def opened(client: Client, program: str) -> None:
    """Open a run; its stages are on their way."""
    reply = await client.say("open", {"program": program, "name": "bench.c"})
    assert reply["ok"], reply
    client.run = reply["run"]


async def live(address: str, count: int, deflate: bool = False) -> dict[str, float]:
    """``count`` clients with a run each, all at once."""
    clients = [await joined(address, deflate) for _ in range(count)]
    started = time.perf_counter()
    await asyncio.gather(*(opened(client, ONE if count == 1 else MANY) for client in clients))
    times = await asyncio.gather(*(client.follow() for client in clients))
    total = time.perf_counter() - started
    stages = sum(client.have for client in clients)
    figures = {
        "stages/s": stages / total,
        "slowest/fastest": max(times) / min(times),
        "bytes/stage": sum(client.bytes for client in clients) / stages,
    }
    await leave(clients)
    return figures


async def again(address: str, count: int, deflate: bool = False) -> dict[str, float]:
    """``count`` clients get the recorded stages of their own runs once more, all at once."""
    clients = [await joined(address, deflate) for _ in range(count)]
    await asyncio.gather(*(opened(client, ONE if count == 1 else MANY) for client in clients))
    await asyncio.gather(*(client.follow() for client in clients))
    started = time.perf_counter()
    for client in clients:
        await client.socket.send(f'42["resume",{{"run":"{client.run}","have":0}}]')
    await asyncio.gather(*(client.follow() for client in clients))
    figures = {"stages/s": sum(client.have for client in clients) / (time.perf_counter() - started)}
    await leave(clients)
    return figures


async def round_trips(address: str, busy: int) -> dict[str, float]:
    """How long a message and its answer take while ``busy`` runs are computed and sent."""
    clients = [await joined(address) for _ in range(busy)]
    await asyncio.gather(*(opened(client, ONE if busy == 1 else MANY) for client in clients))
    others = [asyncio.create_task(client.follow()) for client in clients]
    probe = await joined(address)
    times = []
    while not busy or not all(other.done() for other in others):
        started = time.perf_counter()
        await probe.say("close", {"run": "none"})
        times.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(0.05)
        if not busy and len(times) == 20:
            break
    await asyncio.gather(*others)
    await leave([*clients, probe])
    return {"p50 ms": statistics.median(times), "p95 ms": sorted(times)[int(len(times) * 0.95)]}


async def leave(clients: list[Client]) -> None:
    """Forget the runs and go."""
    for client in clients:
        if client.run:
            await client.say("close", {"run": client.run})
        await client.socket.close()


def measure(name: str, rounds: int, once: Callable[[], Awaitable[dict[str, float]]]) -> None:
    """Print the median of each figure over some rounds."""

    async def run() -> dict[str, float]:
        return await once()

    results = [asyncio.run(run()) for _ in range(rounds)]
    figures = {key: statistics.median(result[key] for result in results) for key in results[0]}
    print(f"{name:44}", "  ".join(f"{value:,.{0 if value > 1000 else 2}f} {key}" for key, value in figures.items()))


def main(rounds: int = 3) -> None:
    """Measure everything."""
    with server() as address:
        measure("stream, live, 1 client", rounds, lambda: live(address, 1))
        measure("stream, live, 1 client, deflated", rounds, lambda: live(address, 1, True))
        measure("stream, live, 20 clients", rounds, lambda: live(address, 20))
        measure("stream, again, 1 client", rounds, lambda: again(address, 1))
        measure("stream, again, 20 clients", rounds, lambda: again(address, 20))
        measure("round trip, nothing else to do", rounds, lambda: round_trips(address, 0))
        measure("round trip, 1 run computed", rounds, lambda: round_trips(address, 1))
        measure("round trip, 20 runs computed", 1, lambda: round_trips(address, 20))


if __name__ == "__main__":
    main()
