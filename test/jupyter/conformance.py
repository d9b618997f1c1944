"""The public conformance suite for Jupyter kernels, on our kernel: every test that applies."""

import unittest

import jupyter_kernel_test


class ObsnodeKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "obsnode"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = ""  # there is no pager
    code_generate_error = "throw new RangeError('wrong')"
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "await Promise.resolve([1, 2])", "result": "[ 1, 2 ]"},
    ]
    code_display_data = [
        {
            "code": "import {display} from '../../lib/notebook';\n"
            "await display({data: {'text/html': '<b>x</b>', 'text/plain': 'x'}, metadata: {}});",
            "mime": "text/html",
        },
    ]
    code_history_pattern = "1 +*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = "import {clearOutput} from '../../lib/notebook/display';\nclearOutput();"

    completion_samples = [
        {"text": "parseI", "matches": {"parseInt"}},
        {"text": "[1, 2].forE", "matches": {"forEach"}},
        {"text": "Math.sqr", "matches": {"sqrt"}},
    ]
    complete_code_samples = ["1", "const a: number = 1;", "function f(): void {\n}", "await f();"]
    incomplete_code_samples = ["function f(): void {", "const x = [1,", "`unfinished", "/* note", "f("]
    invalid_code_samples = ["a b", "const = 1;", "}"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
