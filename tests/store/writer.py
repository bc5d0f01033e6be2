"""A process that saves incidents one after another and says of each, once it is saved: acknowledged.

python writer.py STORE PREFIX COUNT: write. python writer.py STORE kill TIMES: kill writers, forked so that it is quick.
"""

import os
import random
import signal
import sys
from dataclasses import replace

from failonce.store.book import Book
from fix_book import INCIDENT, note, stamp


def write(book, prefix, count):
    """Save, and only then yield what was saved."""
    for number in range(count):
        name = f"{prefix}-{number}"
        book.incidents.save(replace(INCIDENT, id=name), stamp())
        book.incidents.save(replace(INCIDENT, id="shared", timeline=(note(0, name),)), stamp())
        book.postmortems.write("shared", name, stamp())
        yield name


def main(store, prefix, count):
    with Book.open(store) as book:
        for name in write(book, prefix, count):
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()


def kill(store, times):
    chance = random.Random(7)
    for number in range(times):
        hear, say = os.pipe()
        writer = os.fork()
        if writer == 0:
            os.close(hear)
            with Book.open(store) as book:
                for name in write(book, f"w{number}", 1_000_000):
                    os.write(say, f"{name}\n".encode())
        os.close(say)
        with os.fdopen(hear, buffering=1) as said:
            told = [next(said) for _ in range(chance.randint(1, 6))]
            # The writer is on its next write meanwhile: the kill falls anywhere in it.
            os.kill(writer, signal.SIGKILL)
            # Acknowledged between our last look and the kill.
            told += said.readlines()
        _, status = os.waitpid(writer, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.writelines(told)


if __name__ == "__main__":
    if sys.argv[2] == "kill":
        kill(sys.argv[1], int(sys.argv[3]))
    else:
        main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
