"""Write lessons and results into nbgrader's gradebook.

    with open_gradebook(out) as book:
        book.register(lesson, solution_notebook)
        book.write(result, notebook, submitted_at=collected)

All of it goes through nbgrader's own models, so that formgrader, feedback and export keep working.
What a person gave by hand, in formgrader, is never touched.
"""

from grader.grading.gradebook.book import Book, Submitted
from grader.grading.gradebook.opening import OWN_FILE, open_gradebook, shown_url

__all__ = ["OWN_FILE", "Book", "Submitted", "open_gradebook", "shown_url"]
