"""The kinds of failure, as postmortems and the people who write them tell causes apart."""

from enum import StrEnum


class FailureKind(StrEnum):
    """What failed, coarser than a cause: two incidents of one kind are held against each other."""

    SLOW_QUERY = "missing-index-or-slow-query"
    LOCKS = "locks-or-deadlock"
    CONNECTIONS = "connection-pool-exhaustion"
    #: Dead rows that nobody takes away, and what keeps them there.
    VACUUM = "vacuum-or-bloat"
    CACHE = "cache-failure"
    CAPACITY = "traffic-spike-or-capacity"
    STORAGE = "disk-full-or-storage"
    MEMORY = "memory-leak"
    HOST = "hardware-or-host"
    RESTART = "server-restart"
    MAINTENANCE = "maintenance"
    NETWORK = "network-or-dns"
    CODE = "bad-deploy-or-code-bug"
    ACCESS = "certificate-or-auth"
    CONFIGURATION = "misconfiguration"
    DATA = "data-corruption-or-loss"
    THIRD_PARTY = "third-party"
    HUMAN = "human-error"
