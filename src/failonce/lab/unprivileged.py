"""Who the private server runs as.

PostgreSQL refuses to run as root, so root steps down; anyone else stays who they are.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The kernel's overflow id: what `nobody` is where the user database does not know the name.
_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Identity:
    """A user and group that PostgreSQL agrees to run as."""

    name: str
    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """Return the arguments that make subprocess run a program as this user, from a directory anyone may enter."""
        if os.geteuid() != 0:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give this user a file or directory that we made."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)


def server_identity() -> Identity:
    """Return `postgres`, else `nobody`, when we are root; ourselves otherwise."""
    if os.geteuid() != 0:
        return Identity(str(os.geteuid()), os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(name, user.pw_uid, user.pw_gid)
    return Identity("nobody", _NOBODY, _NOBODY)
