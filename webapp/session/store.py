"""What outlives the server: one database, by default a file in instance/.

    shares = Shares(connect, limits)   # PAGEWALK_DATABASE, any URL that SQLAlchemy takes; reached when first used
    id = shares.put(share)         # the same share has the same id
    shares.get(id)                 # None when there is none

Tables belong to `METADATA`; whoever keeps something else adds a table to it before `connect`. Every statement is one
short transaction, so a class may press the button at once. A table is bounded in the size of a row, in their number
and in how many come in an hour, for anybody may write.
"""

from __future__ import annotations

import os
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, String, Table, create_engine, event, func, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from webapp.session.limits import Limits
from webapp.session.messages import Refused, Share

VARIABLE = "PAGEWALK_DATABASE"
DEFAULT = "sqlite:///instance/pagewalk.sqlite3"
ID_CHARACTERS = 12  # 72 bits of the hash
HOUR = 3600.0
BUSY_MS = 30_000  # how long one waits for another's transaction

METADATA = MetaData()
SHARES = Table(
    "shares",
    METADATA,
    Column("id", String(ID_CHARACTERS), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("created", Float, nullable=False, index=True),
)


def connect(url: str | None = None) -> Engine:
    """The database, with its tables; raises `Refused` when it cannot be reached."""
    url = url or os.environ.get(VARIABLE) or DEFAULT
    prefix, _, path = url.partition(":///")
    if prefix == "sqlite" and path and not path.startswith(":"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            _take_turns(engine)
        METADATA.create_all(engine)
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise Refused(f"The database of {VARIABLE} cannot be used: {error}") from error
    return engine


def _take_turns(engine: Engine) -> None:
    """Let SQLite's users wait for each other.

    A transaction that begins by reading and then wants to write is refused at once ("database is locked") when
    another has written meanwhile; one that asks for the lock when it begins waits for it instead. With the log
    beside the file, as SQLite calls it, a commit is one append.
    """

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions by itself, and late
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


class Shares:
    """Programs too long for a link, by the hash of what they hold."""

    def __init__(self, connect: Callable[[], Engine], limits: Limits) -> None:
        self._connect = connect
        self._limits = limits
        self._writing = threading.Lock()

    @cached_property
    def _engine(self) -> Engine:
        return self._connect()

    def put(self, share: Share) -> str:
        """Keep a share; raises `Refused` with the reason when there is no room for it."""
        content = msgspec.json.encode(share)
        if len(content) > self._limits.share_bytes:
            raise Refused(
                f"This link has {len(content):,} bytes; the server keeps {self._limits.share_bytes:,} at most of one."
            )
        id = urlsafe_b64encode(sha256(content).digest()).decode()[:ID_CHARACTERS]
        with self._writing:
            if self.get(id) is None:
                self._insert(id, content)
        return id

    def get(self, id: str) -> Share | None:
        """The share of this id."""
        if len(id) != ID_CHARACTERS or not id.isascii():
            return None
        with self._engine.connect() as connection:
            content = connection.execute(select(SHARES.c.content).where(SHARES.c.id == id)).scalar()
        return msgspec.json.decode(content, type=Share) if content is not None else None

    def _insert(self, id: str, content: bytes) -> None:
        now = time.time()
        with self._engine.begin() as connection:
            count, total = connection.execute(select(func.count(), func.coalesce(func.sum(SHARES.c.bytes), 0))).one()
            recent = connection.execute(select(func.count()).where(SHARES.c.created > now - HOUR)).scalar_one()
            limits = self._limits
            if count >= limits.shares or total + len(content) > limits.shares_bytes:
                raise Refused("This server keeps as many links as it can hold. Save the program to a file instead.")
            if recent >= limits.shares_per_hour:
                raise Refused(
                    f"This server keeps {limits.shares_per_hour} new links an hour, and they are used up."
                    " Save the program to a file, or try again later."
                )
            row = {"id": id, "content": content, "bytes": len(content), "created": now}
            try:
                connection.execute(SHARES.insert().values(row))
            except IntegrityError:  # another process was quicker with the same share
                connection.rollback()
