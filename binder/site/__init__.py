"""The course as a static web site: JupyterLab in the browser, and the book. `make site` builds it.

    folders.py     where things lie
    wheels.py      the wheels of kernel.txt, slimmed and compiled, and Pyodide's list of them
    lite.py        JupyterLab with the lessons as they stand in course/
    book.py        the lessons as pages to read

Everything a page loads is served by the site itself; `make launchers` proves it.
"""
