"""What nbclient, papermill and nbconvert make of notebooks on our kernel: success, error, allowed errors, rich output, input."""

import os
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import nbformat
import papermill
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FIXTURES = Path(__file__).parent.parent / "kernels" / "fixtures"
NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"


def fixture(name):
    notebook = nbformat.read(FIXTURES / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


def execute(notebook, kernel="obsnode", **options):
    client = NotebookClient(notebook, kernel_name=kernel, timeout=120, resources={"metadata": {"path": str(FIXTURES)}}, **options)
    client.execute()
    nbformat.validate(notebook)
    return notebook


def under_tslab(run):
    """Runs again where tslab has tripped over its own watcher of files, which happens now and then."""
    for attempt in range(3):
        try:
            return run()
        except (CellExecutionError, AssertionError) as error:
            if attempt == 2 or "rebuildTimer" not in str(error):
                raise


def plain(cell):
    return [output.get("data", {}).get("text/plain", output.get("text", output.get("evalue"))) for output in cell.outputs]


class Clients(unittest.TestCase):
    def test_nbclient_success_and_rich_output(self):
        cells = execute(fixture("success")).cells
        self.assertEqual([cell.get("execution_count") for cell in cells], [None, 1, 2, 3, 4, 5, 6])
        self.assertEqual(plain(cells[3]), ["sum 1\n", "a note\n"])
        self.assertEqual(plain(cells[4]), ["{ epochs: 2 }", "steps: 3/3"])
        self.assertIn("text/html", cells[5].outputs[0].data)
        self.assertIn("text/latex", cells[5].outputs[1].data)
        self.assertEqual(plain(cells[6]), ["bold", "43"])

    def test_nbclient_stops_at_an_error_and_says_which(self):
        with self.assertRaisesRegex(CellExecutionError, "RangeError: too long: 3"):
            execute(fixture("error"))

    def test_nbclient_goes_on_where_errors_are_allowed(self):
        cells = execute(fixture("error"), allow_errors=True).cells
        self.assertEqual(plain(cells[1]), ["before\n", "too long: 3"])
        self.assertEqual(plain(cells[2]), ["never\n"])

    def test_a_cell_with_a_type_error_is_not_run_and_says_where(self):
        cells = execute(fixture("illtyped"), allow_errors=True).cells
        [output] = cells[1].outputs
        self.assertEqual(output.ename, "TypeScriptError")
        self.assertRegex("\n".join(output.traceback), r"2:7 - error TS2322(.|\n)*\n      ~+")

    def test_input_without_a_reader_is_an_error(self):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("await input('name?')")])
        with self.assertRaisesRegex(CellExecutionError, "this front end cannot ask"):
            execute(notebook)

    def test_nbclient_interrupts_a_loop_after_an_await(self):
        source = "await null; for (;;);"
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source), nbformat.v4.new_code_cell("1 + 1")])
        client = NotebookClient(
            notebook, kernel_name="obsnode", timeout=8, interrupt_on_timeout=True, allow_errors=True, resources={"metadata": {"path": str(FIXTURES)}}
        )
        client.execute()
        self.assertEqual(notebook.cells[0].outputs[-1].ename, "Interrupted")
        self.assertEqual(plain(notebook.cells[1]), ["2"])

    def test_the_same_notebook_runs_under_tslab(self):
        cells = under_tslab(lambda: execute(fixture("success"), kernel="tslab")).cells
        shown = [[next(iter(o.data)) if "data" in o else o.get("text", "").strip() for o in cell.get("outputs", [])] for cell in cells]
        self.assertEqual(shown[3:7], [["sum 1", "a note"], ["text/plain", "text/plain"], ["text/html", "text/latex"], ["text/html", "43"]])

    def test_two_project_notebooks_run_under_tslab_unchanged(self):
        for name in ("00-reading-guide", "04-cancer-data"):
            with self.subTest(name):
                under_tslab(lambda: self.run_project_notebook(NOTEBOOKS / f"{name}.ipynb"))

    def run_project_notebook(self, path):
        notebook = nbformat.read(path, as_version=4)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        committed = [cell.outputs for cell in cells]
        for cell in cells:
            cell.outputs = []
        options = {"timeout": 600, "allow_errors": True, "resources": {"metadata": {"path": str(NOTEBOOKS)}}}
        NotebookClient(notebook, kernel_name="tslab", **options).execute()
        # tslab has no error messages: a failure is text on stderr, after which cells stay empty.
        for cell, before in zip(cells, committed):
            self.assertEqual([output.text for output in cell.outputs if output.get("name") == "stderr"], [], cell.source)
            self.assertEqual(bool(cell.outputs), bool(before), cell.source)

    def test_papermill(self):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "out.ipynb"
            papermill.execute_notebook(FIXTURES / "success.ipynb", target, kernel_name="obsnode", language="typescript", cwd=FIXTURES, progress_bar=False)
            cells = nbformat.read(target, as_version=4).cells
            self.assertEqual(plain(cells[6]), ["bold", "43"])

    def test_papermill_with_parameters_from_the_environment(self):
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.dict(os.environ, OBSNODE_SET='{"epochs": 9}', OBSNODE_PROFILE="full"):
            target = Path(folder) / "out.ipynb"
            papermill.execute_notebook(FIXTURES / "success.ipynb", target, kernel_name="obsnode", language="typescript", cwd=FIXTURES, progress_bar=False)
            self.assertIn("epochs: 9", plain(nbformat.read(target, as_version=4).cells[2])[0])

    def test_nbconvert(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", folder]
            command += ["--ExecutePreprocessor.kernel_name=obsnode", str(FIXTURES / "success.ipynb")]
            subprocess.run(command, check=True, capture_output=True)
            cells = nbformat.read(Path(folder) / "success.ipynb", as_version=4).cells
            self.assertEqual(plain(cells[6]), ["bold", "43"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
