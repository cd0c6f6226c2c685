"""How many sign-ins may fail, and how long to wait then (pure).

Counted are failures, of the last hour at most:

- 10 in 15 minutes and 20 in an hour against one account from one address;
- 100 in an hour against one account, wherever they come from (ASVS 2.2.1): never more;
- of those 60 from addresses that are strange to the account, so that some stay for its owner;
- 30 in an hour from one address against accounts that it is strange to (one password, many names).

An address is known to an account when it was signed in from there in the last 30 days. The last two
limits do not hold for known addresses: so whoever fires at an account from elsewhere, or at many
accounts through the office's own router, does not lock out who signs in from where they always do.
A success forgets no failure: else the hundred could be passed.

Other secrets that are asked over the network (the check code of a receipt, the address of a
calendar) have limits of their own, counted the same way; there no address is known.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

HOUR, QUARTER = dt.timedelta(hours=1), dt.timedelta(minutes=15)
KNOWN_FOR = dt.timedelta(days=30)
# Two machines' clocks may differ by so much; what is later than that, a wrong clock has said.
SKEW = dt.timedelta(minutes=5)
_IPV6_SITE_BITS = 64


@dataclass(frozen=True)
class Failure:
    """A try that failed: against the account (the receipt) that is tried now, from the same
    address; and whether its address was known to its account."""

    at: dt.datetime
    same_account: bool
    same_address: bool
    from_known: bool = False


@dataclass(frozen=True)
class Limit:
    """So many failures of a kind within a time; one for strangers holds for no known address."""

    most: int
    within: dt.timedelta
    counts: Callable[[Failure], bool]
    for_strangers: bool = False

    def free_at(self, failures: Iterable[Failure], now: dt.datetime) -> dt.datetime | None:
        """From when on another may fail; None: at once."""
        times = sorted(
            (
                failure.at
                for failure in failures
                if self.counts(failure) and now - self.within < failure.at <= now + SKEW
            ),
            reverse=True,
        )
        return times[self.most - 1] + self.within if len(times) >= self.most else None


SIGN_IN = (
    Limit(10, QUARTER, lambda failure: failure.same_account and failure.same_address),
    Limit(20, HOUR, lambda failure: failure.same_account and failure.same_address),
    Limit(100, HOUR, lambda failure: failure.same_account),
    Limit(60, HOUR, lambda failure: failure.same_account and not failure.from_known, True),
    Limit(30, HOUR, lambda failure: failure.same_address and not failure.from_known, True),
)


def minutes_to_wait(
    failures: Iterable[Failure],
    now: dt.datetime,
    *,
    from_known: bool = False,
    limits: Sequence[Limit] = SIGN_IN,
) -> int:
    """Whole minutes until it may be tried again; 0 where it may be now."""
    seen = list(failures)
    limits = [limit for limit in limits if not (from_known and limit.for_strangers)]
    free = [at for limit in limits if (at := limit.free_at(seen, now)) is not None]
    return max((-((now - at) // dt.timedelta(minutes=1)) for at in free), default=0)


def place_of(address: str) -> str:
    """The address as it is counted: one of IPv6 by its first 64 bits, which one customer has to
    themself; what is no address as it stands."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return address.strip()
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    site = ipaddress.IPv6Network((int(parsed), _IPV6_SITE_BITS), strict=False)
    return str(site.network_address)
