// Compile what a lesson loads with the Python that will run it: `node compile.mjs PYODIDE FOLDER`.
//
// Each folder in FOLDER holds the files of one wheel. A browser would compile them anew on every
// visit, which takes longer than loading them. Only what the kernel and the classroom import is
// compiled. The two SDKs have thousands of such modules: there the source is left out, so that a
// visit transfers little more than without. Some of the other libraries read their own source.
import { pathToFileURL } from "node:url";

const [, , pyodide, folder] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: pyodide, stdout: () => {} });
python.mountNodeFS("/packages", folder);
const MODULES = `
import importlib, py_compile, sys, sysconfig
from pathlib import Path

packages, home = Path("/packages"), sysconfig.get_path("purelib")
trees = sorted(packages.iterdir())
sys.path += map(str, trees)
sys.dont_write_bytecode = True

import pyodide_kernel
import grader.classroom as classroom
import piplite.piplite
from grader.catalog import active_models
from grader.exercises import COURSE

for name in classroom.__all__:
    getattr(classroom, name)
sync, later = classroom.connect(live=False), classroom.connect_async(live=False)
question = {"role": "user", "content": "What is the capital of France?"}
asked = {"model": active_models()[0], "max_tokens": 100, "messages": [question]}
sync.messages.create(**asked)
with sync.messages.stream(**asked) as stream:
    stream.get_final_message()
sync.messages.count_tokens(model=asked["model"], messages=[question])
await later.messages.create(**asked)
other = classroom.connect_openai(live=False)
other.chat.completions.create(model=asked["model"], messages=[question])
other.responses.create(model=asked["model"], input="Hello")
classroom.check("first_call")
for lesson in COURSE:
    for exercise in lesson.exercises:
        classroom.check(exercise.name)

for module in list(sys.modules.values()):
    source = Path(getattr(module, "__file__", None) or "/")
    if source.suffix == ".py" and source.is_relative_to(packages):
        tree = packages / source.relative_to(packages).parts[0]
        is_lean = tree.name.startswith(("anthropic-", "openai-"))
        py_compile.compile(
            str(source),
            cfile=f"{source}c" if is_lean else None,
            dfile=f"{home}/{source.relative_to(tree)}",
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
        if is_lean:
            source.unlink()
`;
try {
  await python.runPythonAsync(MODULES);
} catch (error) {
  // Node.js would print the whole of Pyodide before it.
  console.error(error.message);
  process.exit(1);
}
