"""The report on a class: what was hard, which mistakes are common, who is stuck where.

    written = write_report(out)

It reads what `grader grade` left in the folder, and grades nothing itself.
"""

from grader.grading.report.handing_back import FeedbackZip, feedback_zip
from grader.grading.report.reading import ClassResults, read_class_results
from grader.grading.report.spreadsheets import SPREADSHEETS
from grader.grading.report.summary import Summary, summarize
from grader.grading.report.write_report import Report, write_report

__all__ = [
    "SPREADSHEETS",
    "ClassResults",
    "FeedbackZip",
    "Report",
    "Summary",
    "feedback_zip",
    "read_class_results",
    "summarize",
    "write_report",
]
