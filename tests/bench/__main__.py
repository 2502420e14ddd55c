"""Print every pair as a table: `make bench`. Nothing here fails a build."""

from tests.bench.pairs import calling, importing


def main() -> None:
    """Measure and print."""
    print(f"{'what':<60} {'base':>9} {'ours':>9} {'ratio':>6} {'goal':>6}")
    for measure in (importing, calling):
        pair = measure()
        print(
            f"{pair.name:<60} {pair.base * 1000:7.1f}ms {pair.ours * 1000:7.1f}ms "
            f"{pair.ratio:6.2f} {pair.goal:6.2f}"
        )


if __name__ == "__main__":
    main()
