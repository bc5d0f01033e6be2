"""Which database a statement is written for, and which databases a document names. By words only one of them knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """One family of databases."""

    name: str
    #: Words by which a document names it.
    named: re.Pattern[str]
    #: What no other database understands.
    own: re.Pattern[str]


def _dialect(name: str, named: str, own: str) -> Dialect:
    return Dialect(name, re.compile(rf"\b(?:{named})\b", re.I), re.compile(rf"(?:{own})", re.I))


# Oracle: https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/ALTER-SYSTEM.html
# MySQL: https://dev.mysql.com/doc/refman/8.4/en/sql-statements.html
# SQL Server: https://learn.microsoft.com/en-us/sql/t-sql/statements/statements
# PostgreSQL: https://www.postgresql.org/docs/current/sql-commands.html
DIALECTS = (
    _dialect(
        "Oracle",
        r"oracle|pl/?sql|sql\*?plus|exadata",
        r"\bALTER\s+SYSTEM\s+(?:SET\b[^;\n]{0,200}\bSCOPE\s*=|KILL\s+SESSION|FLUSH\s+SHARED_POOL|SWITCH\s+LOGFILE)"
        r"|\bFROM\s+DUAL\b|\bg?v\$(?:session|sql|process|lock)\w*|\bVARCHAR2\b|\bREBUILD\s+ONLINE\b|\bDBMS_\w+\.\w+",
    ),
    _dialect(
        "MySQL",
        r"mysql\w*|maria ?db|percona|innodb|aurora|lamp|wordpress",
        r"\bSET\s+(?:GLOBAL|PERSIST)\s+\w+\s*=|\bSHOW\s+(?:FULL\s+)?PROCESSLIST\b|\bSHOW\s+ENGINE\s+INNODB\b"
        r"|\bSHOW\s+(?:SLAVE|REPLICA|MASTER)\s+STATUS\b|\bENGINE\s*=\s*InnoDB\b|\bFLUSH\s+(?:PRIVILEGES|TABLES|HOSTS)\b"
        r"|\bOPTIMIZE\s+TABLE\s+\w|\bALGORITHM\s*=\s*INPLACE\b|\bAUTO_INCREMENT\b|\bSHOW\s+VARIABLES\s+LIKE\b",
    ),
    _dialect(
        "SQL Server",
        r"sql server|ms ?sql|t-?sql|azure sql|ssms",
        r"\bEXEC(?:UTE)?\s+sp_\w+|\bDBCC\s+\w+|\bSELECT\s+TOP\s*\(?\s*\d|\bWITH\s*\(\s*NOLOCK\s*\)|\bsys\.dm_\w+"
        r"|\bRECONFIGURE\s*;",
    ),
    _dialect(
        "PostgreSQL",
        r"postgres\w*|pgsql|psql|pg_\w+|pgbouncer|patroni|aurora|timescale\w*|redshift|greenplum|cockroach\w*|yugabyte\w*"
        r"|supabase|neon|crunchy",
        r"\bpg_(?:stat|terminate|cancel|reload|locks|blocking|sleep|try_advisory)\w*|\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+"
        r"CONCURRENTLY\b|\bREINDEX\s+(?:TABLE|INDEX)\s+CONCURRENTLY\b|\bVACUUM\s*\(|\bALTER\s+SYSTEM\s+SET\s+"
        r"(?:max_connections|work_mem|shared_buffers)\b",
    ),
)


def named(text: str) -> tuple[str, ...]:
    """Return the databases a text names."""
    return tuple(dialect.name for dialect in DIALECTS if dialect.named.search(text))


def own_to(statement: str) -> Iterator[tuple[str, str]]:
    """Yield the database of which a statement has words that no other knows, and those words.

    >>> list(own_to("ALTER SYSTEM SET sessions = 500 SCOPE = BOTH;"))
    [('Oracle', 'ALTER SYSTEM SET sessions = 500 SCOPE =')]
    """
    for dialect in DIALECTS:
        match = dialect.own.search(statement)
        if match:
            yield dialect.name, match[0]
