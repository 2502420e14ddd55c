# Everything that learners, authors and instructors start from a terminal. `make` alone lists it.
# Written for GNU make 3.81, which macOS ships; paths may hold spaces.
.DEFAULT_GOAL := help
.PHONY: help lab course demo site launchers test browser proofs conformance clients binder lint mutants soak bench pictures clean force
export PYTHON
# Learners and tests start a hundred kernels; each would compile the grader anew.
unexport PYTHONDONTWRITEBYTECODE

# A stamp counts only in the folder that it names and beside the Python that is asked for. See .ci/setup.
ifneq "$(CURDIR)" "$(shell PYTHON='$(PYTHON)' .ci/setup ready)"
.venv/.lab-ready: force
endif

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile
	@echo 'Options: PYTHON=python3.12 chooses the Python of a new .venv, LAB_ARGS="--no-browser --port 9000" goes to JupyterLab.'

lab: .venv/.lab-ready ## Open the course in JupyterLab; the first time it sets up .venv
	@test -w course || { echo "You may not write in $(CURDIR)/course, so no notebook could be saved; run: sudo chown -R \"\$$(id -un)\" \"$(CURDIR)\"" >&2; exit 1; }
	@exec env PATH="$(CURDIR)/.venv/bin:$$PATH" \
	JUPYTER_CONFIG_PATH="$(CURDIR)/binder/jupyter" \
	JUPYTERLAB_WORKSPACES_DIR="$(CURDIR)/.venv/share/jupyter/lab/workspaces" \
	.venv/bin/jupyter lab --ServerApp.root_dir=course --LabApp.default_url=/lab/tree/README.md $(LAB_ARGS)

course: .venv/.lab-ready ## Build course/ from solutions/ and check every law of it
	@.venv/bin/grader build
	@.venv/bin/grader check

demo: .venv/.lab-ready ## See grading at work on a small class of made-up submissions
	@.venv/bin/grader demo

site: .venv/.site-ready ## Build the course as a web site in out/site: JupyterLab in the browser, and the book
	@.venv/bin/python -m binder.site

test: lint ## Run lint, the laws of the course, the tests
	@.venv/bin/python -m pytest -q -p no:nbmake -n 3 --dist loadgroup -m 'not sdks and not browser and not binder and not proofs and not site' tests

proofs: .venv/.test-ready ## Every answer over a socket and in a sealed kernel, every attack, every notebook
	@EVERY=1 .venv/bin/python -m pytest -q --nbmake -n logical --maxprocesses 4 --dist loadgroup tests/exercises/test_proofs.py tests/exercises/test_laws.py tests/exercises/test_counting.py tests/grading/test_same_verdicts.py tests/grading/test_parity.py tests/attacks tests/course course
	@.venv/bin/python -m pytest -q -n logical --maxprocesses 4 -m proofs tests

soak: .venv/.test-ready ## Judge every proof with twenty sets of fresh data, a class of 500 with attackers, and other examples of Hypothesis
	@SEEDS=20 .venv/bin/python -m pytest -q -n logical --maxprocesses 4 --dist loadgroup tests/exercises/test_proofs.py
	@SOAK=1 .venv/bin/python -m pytest -q tests/attacks/test_class.py
	@SOAK=1 .venv/bin/python -m pytest -q -n logical --maxprocesses 4 -m 'hypothesis and not sdks and not browser' tests

mutants: .venv/.test-ready ## Change every solution in one place at a time, and see that it loses points
	@.venv/bin/python -m tests.mutants $(ONLY)

conformance: .venv/.conformance-ready ## Run an SDK's own tests, and the TypeScript SDK, against `grader serve`
	@.venv/bin/python -m pytest -q -m sdks tests/conformance

clients: .venv/.test-ready ## Run a dozen real clients, each installed by itself, against `grader serve` on every model
	@.venv/bin/python -m tests.clients $(ONLY)

browser: .venv/.test-ready ## Run what needs a browser: lessons and widgets in JupyterLab, in both themes
	@.venv/bin/python -m pytest -q -n logical --maxprocesses 2 --dist loadfile -m browser tests/browser

binder: .venv/.test-ready ## Build the image of Binder, as far as that goes without Docker, and run a lesson in it
	@.venv/bin/python -m pytest -q -m binder tests/binder

launchers: site ## Open the course each way that can be tried here, in a browser; prove the site; print what it takes
	@.venv/bin/python -m pytest -q -s -m site tests/site tests/launchers

lint: .venv/.test-ready ## Check style, types and layers
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: .venv/.test-ready ## Measure what README.md claims about speed
	@.venv/bin/python -m tests.bench

pictures: .venv/.test-ready ## Take the pictures of README.md anew, and one of every widget to look at, out/contact
	@.venv/bin/python -m tests.browser.pictures .github/pictures
	@.venv/bin/python -m tests.browser.pictures_of_widgets out/contact

clean: ## Remove .venv and the tools' caches; notebooks, progress and grades stay
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.lab-ready: requirements.txt pyproject.toml
	@.ci/setup lab

.venv/.test-ready: .venv/.lab-ready
	@.ci/setup test

.venv/.conformance-ready: .venv/.test-ready tests/conformance/sdk/requirements.txt tests/conformance/typescript/package-lock.json
	@.ci/setup conformance

.venv/.site-ready: .venv/.test-ready binder/site/tools.txt binder/site/package-lock.json
	@.ci/setup site
