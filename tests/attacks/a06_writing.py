"""Class 6: writing where others, or the next run, would read. What is there is looked at after."""

from tests.attacks.attack import Attack, Attacks
from tests.grading.class_folder import ROOT

_PLACES = (
    "__import__('anthropic').__file__",
    "__import__('grader').__file__",
    "__import__('json').__file__",
)


def _writes(path: str) -> Attack:
    return Attack(
        f"open({path}, 'a').write('# was here\\n')\n"
        "def first_call(client, prompt):\n    raise SystemExit"
    )


ATTACKS: Attacks = {
    **{f"over {path}": _writes(path) for path in _PLACES},
    "a file for the next run": _writes(
        "__import__('os').path.join(__import__('site').getsitepackages()[0], 'sitecustomize.py')"
    ),
    "a profile for the next kernel": Attack(
        "import os, pathlib\n"
        "place = pathlib.Path(get_ipython().profile_dir.startup_dir)\n"
        "place.mkdir(parents=True, exist_ok=True)\n"
        "(place / '00-forged.py').write_text('forged = 1')\n"
        "(pathlib.Path.home() / 'ipython_config.py').write_text('c = get_config()')\n"
        "def first_call(client, prompt):\n    raise SystemExit"
    ),
    "a conftest for the next test": _writes(repr(f"{ROOT}/conftest.py")),
    "the course's notebooks": _writes(repr(f"{ROOT}/course/00_start_here/00_start_here.ipynb")),
}
