"""JupyterLab 4 in a headless Chromium: what a reader does with a notebook on our kernel, with a picture of every step."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

HERE = Path(__file__).parent
PICTURES = Path(os.environ["OBSNODE_PICTURES"])
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# What these tests wait for takes seconds on a free machine; the limit is for a crowded one.
PATIENCE = 60_000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """JupyterLab on a copy of the notebook, beside the original so that its imports hold."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lab-", dir=HERE))
        shutil.copy(HERE / "lab.ipynb", self.folder / "lab.ipynb")
        notebook = self.folder / "lab.ipynb"
        notebook.write_text(notebook.read_text().replace("'../../lib/index'", "'../../../lib/index'"))
        self.port = free_port()
        options = ["--no-browser", "--allow-root", "--ServerApp.token=", "--ServerApp.password=", f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0"]
        options += [f"--ServerApp.root_dir={self.folder}"]
        command = [sys.executable, "-m", "jupyterlab", *options]
        self.log = open(PICTURES / "lab.log", "w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        self.wait()

    def wait(self):
        for _ in range(600):
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api").read()
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"JupyterLab has ended; see {PICTURES / 'lab.log'}") from None
                time.sleep(0.2)
        raise RuntimeError("JupyterLab does not answer")

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Lab(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        PICTURES.mkdir(parents=True, exist_ok=True)
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        playwright = sync_playwright().start()
        cls.addClassCleanup(playwright.stop)
        browser = next(filter(None, map(shutil.which, BROWSERS)))
        cls.browser = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu", "--no-first-run"])
        cls.addClassCleanup(cls.browser.close)
        cls.page = cls.browser.new_page(viewport={"width": 1200, "height": 1000})
        cls.page.set_default_timeout(PATIENCE)
        cls.page.add_locator_handler(cls.page.get_by_text("notified about official Jupyter news"), lambda: cls.page.get_by_role("button", name="No", exact=True).click())
        cls.page.goto(f"http://127.0.0.1:{cls.server.port}/lab/tree/lab.ipynb?reset")
        cls.page.wait_for_selector(".jp-Notebook .jp-Cell")
        # Before its kernel is connected a notebook looks idle, but would ask which kernel to use.
        cls.page.get_by_text(re.compile(r"\(obsnode\) \| Idle")).wait_for()

    def run(self, result=None):
        problems = len(result.errors) + len(result.failures)
        super().run(result)
        if len(result.errors) + len(result.failures) > problems:
            self.picture(f"failed-{self._testMethodName}")

    def picture(self, name):
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def menu(self, bar, entry):
        self.page.locator(".jp-Notebook .jp-Cell").first.click()
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{bar}$")).click()
        self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}")).first.click()

    def type_into_last(self, code):
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").last
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(code)
        return cell

    def run_last(self, code):
        cell = self.type_into_last(code)
        self.page.keyboard.press("Control+Enter")
        return cell

    def text_of(self, cell, needle):
        output = cell.locator(".jp-OutputArea-output", has_text=needle).first
        output.wait_for()
        return output.inner_text()

    def chart(self):
        return self.page.locator(".jp-RenderedVegaCommon5 canvas, .jp-RenderedVegaCommon5 svg").first

    def chart_pixels(self):
        for _ in range(20):
            try:
                return self.chart().screenshot()
            except Error:
                time.sleep(0.3)  # it is being drawn anew
        return self.chart().screenshot()

    def test_1_run_all_shows_controls_and_the_vega_lite_chart(self):
        self.menu("Run", "Run All Cells")
        self.chart().wait_for()
        self.page.locator(".widget-slider").first.wait_for()
        self.page.locator(".widget-dropdown select").first.wait_for()
        self.picture("1-run-all")
        self.assertIn("damping", self.page.locator(".widget-box, .widget-vbox").first.inner_text())

    def test_2_moving_the_slider_changes_the_figure(self):
        before = self.chart_pixels()
        handle = self.page.locator(".widget-slider .noUi-handle").first
        handle.focus()
        for _ in range(8):
            self.page.keyboard.press("ArrowRight")
        self.page.wait_for_function("() => document.querySelector('.widget-readout')?.innerText.startsWith('1.3')")
        self.wait_for_change(before)
        self.picture("2-slider-moved")
        moved = self.chart_pixels()
        self.page.locator(".widget-dropdown select").first.select_option("decay")
        self.wait_for_change(moved)
        self.picture("3-choice-made")
        self.assertEqual(len({before, moved, self.chart_pixels()}), 3)

    def wait_for_change(self, before):
        for _ in range(PATIENCE // 200):
            time.sleep(0.2)
            if self.chart_pixels() != before:
                time.sleep(1.5)  # the last of several drawings
                return
        self.fail("the figure does not change")

    def test_3_the_saved_notebook_holds_chart_and_png_and_is_shown_by_nbconvert(self):
        self.page.keyboard.press("Escape")
        self.menu("File", "Save Notebook")
        path = self.server.folder / "lab.ipynb"
        data = None
        for _ in range(150):
            outputs = json.loads(path.read_text())["cells"][2]["outputs"]
            data = next((o["data"] for o in outputs if "application/vnd.vegalite.v5+json" in o.get("data", {})), None)
            if data:
                break
            time.sleep(0.2)
        self.assertEqual(set(data), {"application/vnd.vegalite.v5+json", "image/png", "text/plain"})
        self.assertTrue(base64.b64decode("".join(data["image/png"])).startswith(b"\x89PNG"))
        self.show_without_charts(path, data)

    def show_without_charts(self, path, data):
        subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", "--output", "printed", str(path)], check=True, capture_output=True)
        page = self.browser.new_page(viewport={"width": 1000, "height": 900})
        page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
        page.goto((path.parent / "printed.html").as_uri(), wait_until="commit")
        image = page.locator('img[src^="data:image/png"]').first
        image.wait_for()
        self.assertGreater(image.evaluate("image => image.naturalWidth"), 300)
        page.screenshot(path=PICTURES / "4-png-in-nbconvert.png")
        page.close()

    def test_4_a_method_name_is_completed(self):
        self.type_into_last("times.fil")
        found = self.page.locator(".jp-Completer-item", has_text="filter").first
        for _ in range(10):  # JupyterLab waits a second for an answer, which a crowded machine may not give
            self.page.keyboard.press("Tab")
            try:
                found.wait_for(timeout=5000)
                break
            except Error:
                continue
        self.picture("5-completion")
        names = self.page.locator(".jp-Completer-item").all_inner_texts()
        self.assertTrue(any("fill" in name.split("\n") for name in names), names)
        self.page.keyboard.press("Escape")

    def test_5_a_type_error_stands_under_its_column_and_the_cell_does_not_run(self):
        cell = self.run_last("console.log('it ran');\nconst word: string = 5;")
        lines = self.text_of(cell, "TS2322").split("\n")
        at = next(i for i, line in enumerate(lines) if line.startswith("const word"))
        self.picture("6-type-error")
        self.assertEqual(lines[at + 1].rstrip(), "      ~~~~")
        self.assertNotIn("it ran", "".join(lines).replace("console.log('it ran');", ""))

    def test_6_an_endless_loop_is_interrupted_and_the_session_goes_on(self):
        cell = self.run_last("await null;\nfor (;;);")
        cell.locator(".jp-InputPrompt", has_text="[*]").wait_for()
        time.sleep(1)
        self.menu("Kernel", "Interrupt Kernel")
        self.assertIn("stopped by the user", self.text_of(cell, "Interrupted"))
        self.picture("7-interrupted")
        cell = self.run_last("times.length + 1")
        self.assertEqual(self.text_of(cell, "61").strip(), "61")


if __name__ == "__main__":
    unittest.main(verbosity=2)
