"""Checks ONNX models with the onnx package and runs them in Python's onnxruntime.

usage: check_onnx.py DIRECTORY, which holds NAME.onnx and NAME.json ({"inputs": {name: {"shape", "data"}}, "outputs": [[...], ...]}).
Prints one line a model with the largest difference relative to the largest expected value.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    onnx.checker.check_model(str(path), full_check=True)
    case = json.loads(path.with_suffix(".json").read_text())
    feeds = {k: np.array(v["data"], np.float32).reshape(v["shape"]) for k, v in case["inputs"].items()}
    outputs = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, feeds)
    worst = max(
        float(np.max(np.abs(np.ravel(got) - np.array(want, np.float32))) / max(1e-3, np.max(np.abs(want))))
        for got, want in zip(outputs, case["outputs"])
    )
    print(path.stem, worst)
