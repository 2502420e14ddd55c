"""Points into a learning platform's gradebook, by LTI 1.3's Assignment and Grade Services.

    pass_back(Path("grades"), read_platform(Path("canvas.toml")))

`platform` reads how a course's services are reached, `service` speaks with them, `people` finds
students among the course's members, and `passing_back` sends what is to be sent.
"""

from typing import TYPE_CHECKING

from grader.lazy import loader

if TYPE_CHECKING:
    from grader.grading.passback.passing_back import PassedBack, pass_back
    from grader.grading.passback.platform import Platform, new_platform, read_platform

__all__ = ["PassedBack", "Platform", "new_platform", "pass_back", "read_platform"]

__getattr__ = loader(__name__)
