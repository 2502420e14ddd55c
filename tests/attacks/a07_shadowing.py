"""Class 7: files named like modules, beside the notebook; the real ones are imported."""

from tests.attacks.attack import ALL, RIGHT_CALL, Attack, Attacks

_FORGED = "class Anthropic:\n    def __init__(self, **options): raise SystemExit\n"


def _ships(name: str) -> Attack:
    writes = (
        "import pathlib\n"
        f"place = pathlib.Path({name!r})\n"
        "place.parent.mkdir(parents=True, exist_ok=True)\n"
        f"place.write_text({_FORGED!r} + 'raise SystemExit')\n"
    )
    imports = (
        f"import importlib, sys\nimportlib.import_module({name.split('.')[0].split('/')[0]!r})"
    )
    return Attack(RIGHT_CALL, before=(writes, imports), points=(ALL, 3))


ATTACKS: Attacks = {
    name: _ships(name)
    for name in (
        "anthropic.py",
        "json.py",
        "grader/__init__.py",
        "unittest/__init__.py",
        "colorsys.py",
    )
}
