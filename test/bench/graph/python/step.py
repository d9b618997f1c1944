"""A training step in PyTorch or JAX, timed on request.

usage: step.py ENGINE THREADS SPEC_JSON. ENGINE is one of torch, torch-compile, jax, diffrax. The specification says which model, with
which options, and where the numbers stand: `weights` and `batch` list names and shapes in the order of the float32 file `values`.
Prints a line "ready {...}" with the losses of the first steps, then, for every line with a number N on its input, the milliseconds of
N steps: elapsed, and of processor time.
"""
import json
import os
import sys
import time

engine, threads, spec = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
# Debian's OpenBLAS takes new processors for old ones and halves PyTorch's speed; harmless where the wheel brings its own library.
os.environ.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX")
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(threads)
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=" + ("true" if threads > 1 else "false")
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np


def arrays():
    """Weights and batch as dictionaries of arrays."""
    values, found, offset = np.fromfile(spec["values"], np.float32), {}, 0
    for kind in ("weights", "batch"):
        found[kind] = {}
        for name, shape in spec[kind]:
            size = int(np.prod(shape))
            found[kind][name] = values[offset : offset + size].reshape(shape).copy()
            offset += size
    assert offset == values.size, "the file of values has another size than its specification"
    return found["weights"], found["batch"]


def prepare():
    if spec["model"] == "released":
        from released import training_step

        return training_step(*arrays())
    if engine.startswith("torch"):
        from torch_engine import training_step
    else:
        from jax_engine import training_step
    return training_step(engine, threads, spec, *arrays())


def answer(step):
    for line in sys.stdin:
        begin, cpu = time.perf_counter(), time.process_time()
        for _ in range(int(line)):
            step()
        print((time.perf_counter() - begin) * 1000, (time.process_time() - cpu) * 1000, flush=True)


if __name__ == "__main__":
    started = time.perf_counter()
    if engine.startswith("torch"):
        import torch

        torch.set_num_threads(threads)
    step, version = prepare()
    losses = [step() for _ in range(3)]
    print("ready " + json.dumps({"version": version, "start_s": time.perf_counter() - started, "losses": losses}), flush=True)
    answer(step)
