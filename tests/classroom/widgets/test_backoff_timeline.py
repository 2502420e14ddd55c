"""The state of the back-off timeline: waits come from policies, and the API counts what arrives."""

import random
from itertools import pairwise
from typing import Any

import anthropic
import pytest

from grader.classroom import backoff_timeline
from grader.classroom.widgets.backoff_runs import (
    WAYS,
    World,
    make_world,
    play,
    wait_before_next,
    wait_of_sdk,
)
from grader.errors import WidgetError

PLAIN, CHANCE, TOLD, STACKED = WAYS
DOWN = World(clients=3, outage=1000, attempts=4)


def _waits(way: Any, world: World = DOWN, client: int = 0, **options: Any) -> list[float]:
    times = [arrival.time for arrival in play(way, world, **options).of(client)]
    return [later - sooner for sooner, later in pairwise(times)]


def test_without_chance_all_clients_wait_the_same() -> None:
    """1, 2 and 4 seconds: they come back in the same moment each time."""
    assert [_waits(PLAIN, client=client) for client in range(3)] == [[1, 2, 4]] * 3


def test_with_chance_each_waits_as_the_policy_says() -> None:
    """The waits are those of the policy, asked in the order in which the requests arrive."""
    one = World(clients=1, outage=1000, attempts=8, seed=7)
    rng = random.Random(7).random
    expected = [wait_before_next(attempt, None, rng) for attempt in range(1, 8)]
    assert _waits(CHANCE, one) == pytest.approx(expected)
    for wait, bound in zip(expected, (1, 2, 4, 8, 16, 30, 30), strict=True):
        assert bound / 2 <= wait <= bound


def test_retry_after_is_never_undercut() -> None:
    """Each client comes after the time that it was told, and not all at once."""
    world = World(clients=50, outage=9.0, attempts=2)
    seconds = [_waits(TOLD, world, client)[0] for client in range(50)]
    assert min(seconds) >= 9.0
    assert len(set(seconds)) == 50
    assert play(TOLD, world).arrivals[0].is_answered is False


def test_stacked_retries_make_three_requests_of_one_attempt() -> None:
    """The SDK's own retries come first, and then the loop's."""
    run = play(STACKED, World(clients=1, outage=1000, attempts=3))
    assert len(run.arrivals) == 9
    first, second, loop = _waits(STACKED, World(clients=1, outage=1000, attempts=3))[:3]
    assert 0.375 <= first <= 0.5
    assert 0.75 <= second <= 1
    assert 0.5 <= loop <= 1


@pytest.mark.parametrize("retry", [1, 2, 5, 9])
@pytest.mark.parametrize("retry_after", [None, 3.0])
def test_the_sdks_waits_are_the_sdks(
    retry: int, retry_after: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The formula is held against the SDK's own, with the same chance."""
    from anthropic import _base_client
    from anthropic._models import FinalRequestOptions

    monkeypatch.setattr(_base_client, "random", lambda: 0.6)
    client = anthropic.Anthropic(api_key="simulated", max_retries=10)
    options = FinalRequestOptions.construct(method="post", url="/v1/messages")
    headers = anthropic._base_client.httpx2.Headers(
        {} if retry_after is None else {"retry-after": str(retry_after)}
    )
    theirs = client._calculate_retry_timeout(11 - retry, options, headers)
    assert wait_of_sdk(retry, retry_after, lambda: 0.6) == pytest.approx(theirs)


def test_the_api_answers_no_more_than_it_can() -> None:
    """Nobody is answered in the outage, and no second has more answers than the capacity."""
    world = World()
    for way in WAYS:
        run = play(way, world)
        steps = run.in_steps(1)
        assert sum(answered for answered, _ in steps[:5]) == 0
        assert max(answered for answered, _ in steps) <= world.capacity
        assert sum(map(sum, steps)) == len(run.arrivals)
        assert [len(play(way, world).arrivals), run.answered] == [len(run.arrivals), run.answered]
        for client in range(world.clients):
            mine = run.of(client)
            assert len(mine) <= world.attempts * way.layers
            assert not any(arrival.is_answered for arrival in mine[:-1])


def test_chance_answers_more_and_stacking_asks_most() -> None:
    """What the lesson says of the four ways is so, whatever the seed."""
    for seed in range(5):
        runs = {way.name: play(way, World(seed=seed)) for way in WAYS}
        assert runs["without jitter"].answered == 80
        assert runs["with jitter"].answered > 190
        assert len(runs["with retry-after"].arrivals) < len(runs["with jitter"].arrivals)
        assert len(runs["stacked retries"].arrivals) > 1.8 * len(runs["with jitter"].arrivals)


def test_a_policy_of_ones_own_is_played() -> None:
    """Its numbers are the waits; the SDK's own retries stay the SDK's."""
    assert _waits(CHANCE, policy=lambda attempt, _after, _rng: attempt * 10) == [10, 20, 30]
    assert "client 1 asks at 0.0, 5.0, 10.0, 15.0, 20.0 s" in str(
        backoff_timeline(lambda attempt, after, rng: 5, clients=1, outage=30)
    )


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (3, "policy is 3. Expected a function of (attempt, retry_after, rng)"),
        (lambda: 1, "The policy raised TypeError: "),
        (lambda *_: "soon", "The policy gave 'soon' after attempt 1. Expected seconds"),
        (lambda *_: -1, "The policy gave -1 after attempt 1"),
        (lambda *_: float("nan"), "The policy gave nan after attempt 1"),
        (lambda *_: None, "The policy gave None after attempt 1"),
    ],
    ids=["a number", "no argument", "a word", "negative", "no number", "nothing"],
)
def test_a_policy_that_is_none_gets_a_clear_word(policy: Any, said: str) -> None:
    """The error says what came, and how a policy is called."""
    with pytest.raises(WidgetError) as caught:
        backoff_timeline(policy)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "given",
    [
        {"clients": 0},
        {"clients": 10**9},
        {"clients": 2.5},
        {"outage": -1},
        {"outage": "5"},
        {"outage": float("inf")},
        {"capacity": True},
        {"attempts": 9},
        {"seed": -1},
    ],
    ids=str,
)
def test_a_world_that_cannot_be_gets_a_clear_word(given: dict[str, Any]) -> None:
    """The error names the number and its bounds."""
    (name,) = given
    with pytest.raises(WidgetError, match=rf"^{name} is .*Expected .* from \d+ to [\d,]+\.$"):
        make_world(given)


def test_a_long_run_is_drawn_in_few_rows() -> None:
    """A row stands for as many seconds as it takes."""
    lines = str(backoff_timeline(clients=2, outage=3600, attempts=4)).splitlines()
    assert len(lines) < 150
    assert all(len(line) < 200 for line in lines)
