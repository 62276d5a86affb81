"""What a seed stands for: orchestrations, messages and the moments of the kills; and what each must come to."""

import random
from dataclasses import dataclass, field
from typing import Any

MODULUS = 1009
MOST_KILLS = 5
KINDS = ("chain", "fan", "retries", "family", "laps", "events")
COUNTS = {"chain": (2, 5), "fan": (3, 12), "retries": (1, 3), "family": (2, 4), "laps": (2, 4), "events": (1, 3)}
HELD, TERMINATED, PURGED = "held", "terminated", "purged"
ENDLESS, REASON = "endless", "enough"


@dataclass(frozen=True)
class Orchestration:
    """One instance, its input, and what people do with it: hold it for a while, end it, or remove it afterwards."""

    kind: str
    id: str
    value: int
    count: int
    fate: str = ""
    pause: float = 0.0  # seconds before they do

    @property
    def order(self) -> dict[str, Any]:
        return {"key": self.id, "value": self.value, "count": self.count}


@dataclass(frozen=True)
class Post:
    """One message: it starts an orchestration, or it is poison or a scheduled one that is called back."""

    queue: str
    id: str
    starts: Orchestration | None
    delay: float = 0.0  # seconds until it may be delivered
    cancelled: bool = False

    @property
    def body(self) -> dict[str, Any]:
        return {"kind": self.starts.kind, "order": self.starts.order} if self.starts else {}


@dataclass(frozen=True)
class Kill:
    """So long after the last start, or after both answer, these processes die."""

    after: float
    when_up: bool
    victims: tuple[str, ...]
    pause: float


@dataclass
class Plan:
    """All of one run."""

    seed: int
    orchestrations: list[Orchestration] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    deferred: list[str] = field(default_factory=list)  # messages that are put aside and fetched by number
    gap: float = 0.1  # seconds between two starts or messages


def plan(seed: int) -> Plan:
    """The same plan for the same seed."""
    dice = random.Random(seed)
    made = Plan(seed, gap=dice.choice((0.0, 0.05, 0.15)))
    for number in range(dice.randint(5, 9)):
        made.orchestrations.append(_orchestration(dice, dice.choice(KINDS), f"{number}"))
    for number in range(dice.randint(0, 2)):
        value, pause = dice.randrange(MODULUS), dice.random() / 2
        made.orchestrations.append(Orchestration(ENDLESS, f"endless{number}", value, 1, TERMINATED, pause))
    made.posts = _posts(dice)
    made.deferred = [f"later{number}" for number in range(dice.randint(0, 4))]
    for _ in range(dice.randint(1, MOST_KILLS)):
        victims = dice.choice((("host",), ("host",), ("broker",), ("host", "broker"), ("broker", "host")))
        after = dice.choice((0.5, 1.0, 1.5)) * dice.random()
        made.kills.append(Kill(after, dice.random() < 0.6, victims, 0.2 * dice.random()))
    return made


def _orchestration(dice: random.Random, kind: str, name: str) -> Orchestration:
    fate = dice.choice((HELD, PURGED, "", ""))
    return Orchestration(kind, name, dice.randrange(MODULUS), dice.randint(*COUNTS[kind]), fate, dice.random() / 2)


def _posts(dice: random.Random) -> list[Post]:
    posts = []
    for number in range(dice.randint(12, 30)):
        name = f"m{number}"
        started = Orchestration(
            dice.choice(("chain", "chain", "fan", "laps")), f"of-{name}", number, dice.randint(1, 2)
        )
        queue = dice.choice(("once", "once", "plain", "plain", "plain", "bitter"))
        delay = dice.choice((0.0, 0.0, 0.0, 2 * dice.random()))
        posts.append(Post(queue, name, None if queue == "bitter" else started, delay))
    # Sent again although acknowledged: where duplicates are detected, also across a kill, nothing comes of it.
    posts += [post for post in posts if post.queue == "once" and dice.random() < 0.5]
    posts += [Post("plain", f"cancelled{number}", None, 3.0, cancelled=True) for number in range(dice.randint(0, 3))]
    dice.shuffle(posts)
    return posts


def news(number: int) -> int:
    """What an external event says."""
    return 100 + number


def expected(kind: str, value: int, count: int) -> int:
    """What an orchestration comes to: plain arithmetic, without an engine."""
    return _MODELS[kind](value, count) % MODULUS


def _computed(value: int) -> int:
    return (value * 31 + 7) % MODULUS


def _repeated(value: int, count: int) -> int:
    for _ in range(count):
        value = _computed(value)
    return value


def _fan(value: int, count: int) -> int:
    return sum(_computed(value + number) for number in range(count))


def _retries(value: int, count: int) -> int:
    return _computed(value) + 1


def _family(value: int, count: int) -> int:
    kinds = ("chain", "fan", "retries", "laps")[:count]
    return sum(expected(kind, value + number, 2) for number, kind in enumerate(kinds))


def _events(value: int, count: int) -> int:
    for number in range(count):
        value = _computed(value + news(number))
    return value + 500


_MODELS = {
    "chain": _repeated,
    "fan": _fan,
    "retries": _retries,
    "family": _family,
    "laps": _repeated,
    "events": _events,
}
