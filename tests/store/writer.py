"""A process that saves incidents one after another and says of each, once it is saved: acknowledged.

python writer.py STORE PREFIX COUNT
"""

import sys
from dataclasses import replace

from failonce.store.book import Book
from fix_incident import missing_index_incident


def main(store: str, prefix: str, count: int) -> None:
    incident = missing_index_incident()
    with Book.open(store) as book:
        for number in range(count):
            book.save_incident(replace(incident, id=f"{prefix}-{number}"))
            book.save_incident(replace(incident, id="shared", timeline=(note(incident, f"{prefix}-{number}"),)))
            book.save_postmortem("shared", f"{prefix}-{number}", incident.diagnosis.onset_at)
            sys.stdout.write(f"{prefix}-{number}\n")
            sys.stdout.flush()


def note(incident, text):
    return replace(incident.timeline[-1], text=text)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
