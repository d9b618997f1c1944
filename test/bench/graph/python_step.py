"""The reference training step in PyTorch and JAX, timed on request.

usage: python_step.py ENGINE THREADS SIZES_JSON, ENGINE one of torch, torch-compile, jax, diffrax.
Prints a line "ready {...}" after warming up, then for every line with a number N on its input
the milliseconds of N steps: elapsed, and of processor time.
"""
import json
import os
import sys
import time
from typing import ClassVar

engine, threads, sizes = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
# Debian's OpenBLAS takes new processors for old ones; harmless where the wheel brings its own library.
os.environ.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX")
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(threads)

import numpy as np

B, width, layers, blocks = (sizes[k] for k in ("batch", "width", "layers", "blocks"))
dy, da, past, steps = (sizes[k] for k in ("outcomes", "treatments", "history", "steps"))
state = dy * blocks
random = np.random.default_rng(7)


def weight(*shape):
    return (random.uniform(-1, 1, shape) / (np.sqrt(shape[0]) if len(shape) == 2 else 10)).astype(np.float32)


def initial():
    widths = [state + da] + [width] * layers + [dy]
    field = [[(weight(a, b), weight(b)) for a, b in zip(widths, widths[1:])] for _ in range(blocks)]
    return {"lstm": (weight(dy + da + width, 4 * width), weight(4 * width)), "out": (weight(width, state), weight(state)), "field": field}


data = [random.uniform(-1, 1, (B, n, d)).astype(np.float32) for n, d in ((past, dy + da), (steps, da), (steps, dy))]
RATE, B1, B2, EPS, CLIP = 1e-3, 0.9, 0.999, 1e-8, 1.0


def torch_step(compiled):
    import torch

    torch.set_num_threads(threads)
    tree = initial()
    leaf = lambda a: torch.nn.Parameter(torch.from_numpy(a.copy()))
    kernel, bias = map(leaf, tree["lstm"])
    readout, offset = map(leaf, tree["out"])
    field = [[(leaf(w), leaf(b)) for w, b in block] for block in tree["field"]]
    params = [kernel, bias, readout, offset] + [p for block in field for pair in block for p in pair]
    optimiser = torch.optim.Adam(params, RATE, betas=(B1, B2), eps=EPS, foreach=True)
    history, plan, target = map(torch.from_numpy, data)

    def mlp(block, x):
        for w, b in block[:-1]:
            x = torch.tanh(torch.addmm(b, x, w))
        return torch.addmm(block[-1][1], x, block[-1][0])

    def slope(z, a):
        x = torch.cat([z, a], 1)
        phi = [mlp(block, x) for block in field]
        parts = torch.split(z, dy, 1)
        return torch.cat([parts[i + 1] + f if i + 1 < blocks else f for i, f in enumerate(phi)], 1)

    if compiled:
        # The vector field alone: compiling the whole unrolled loss takes many minutes.
        slope = torch.compile(slope)

    def loss():
        h = c = torch.zeros(B, width)
        for x in history.unbind(1):
            i, f, g, o = torch.addmm(bias, torch.cat([x, h], 1), kernel).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        z, found = torch.addmm(offset, h, readout), []
        for a in plan.unbind(1):
            k1 = slope(z, a)
            k2 = slope(z + 0.5 * k1, a)
            k3 = slope(z + 0.5 * k2, a)
            k4 = slope(z + k3, a)
            z = z + (k1 + 2 * k2 + 2 * k3 + k4) / 6
            found.append(z[:, :dy])
        return ((torch.stack(found, 1) - target) ** 2).mean()


    def step():
        optimiser.zero_grad(set_to_none=True)
        out = loss()
        out.backward()
        torch.nn.utils.clip_grad_norm_(params, CLIP)
        optimiser.step()
        return float(out)

    return step, torch.__version__


def jax_step(with_diffrax):
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=" + ("true" if threads > 1 else "false")
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    import jax.numpy as jnp

    params = jax.tree.map(jnp.asarray, initial())
    history, plan, target = map(jnp.asarray, data)

    def mlp(block, x):
        for w, b in block[:-1]:
            x = jnp.tanh(x @ w + b)
        return x @ block[-1][0] + block[-1][1]

    def slope(p, z, a):
        x = jnp.concatenate([z, a], 1)
        phi = [mlp(block, x) for block in p["field"]]
        parts = jnp.split(z, blocks, 1)
        return jnp.concatenate([parts[i + 1] + f if i + 1 < blocks else f for i, f in enumerate(phi)], 1)

    def scan_solve(p, z0):
        def advance(z, a):
            k1 = slope(p, z, a)
            k2 = slope(p, z + 0.5 * k1, a)
            k3 = slope(p, z + 0.5 * k2, a)
            k4 = slope(p, z + k3, a)
            z = z + (k1 + 2 * k2 + 2 * k3 + k4) / 6
            return z, z[:, :dy]

        return jax.lax.scan(advance, z0, jnp.swapaxes(plan, 0, 1))[1]

    def diffrax_solve(p, z0):
        import diffrax

        class RK4(diffrax.AbstractERK):
            tableau: ClassVar[diffrax.ButcherTableau] = diffrax.ButcherTableau(
                c=np.array([0.5, 0.5, 1.0]),
                b_sol=np.array([1 / 6, 1 / 3, 1 / 3, 1 / 6]),
                b_error=np.array([1 / 6, -1 / 3, 1 / 3, -1 / 6]),
                a_lower=(np.array([0.5]), np.array([0.0, 0.5]), np.array([0.0, 0.0, 1.0])),
            )
            interpolation_cls: ClassVar = diffrax.ThirdOrderHermitePolynomialInterpolation.from_k

            def order(self, terms):
                return 4

        actions = jnp.swapaxes(plan, 0, 1)

        # One solve per decision interval: a stage at its end must still see the interval's own treatment.
        def advance(z, a):
            term = diffrax.ODETerm(lambda t, y, args: slope(p, y, a))
            out = diffrax.diffeqsolve(term, RK4(), 0.0, 1.0, 1.0, z, stepsize_controller=diffrax.ConstantStepSize(), max_steps=1)
            return out.ys[-1], out.ys[-1][:, :dy]

        return jax.lax.scan(advance, z0, actions)[1]

    def loss(p):
        kernel, bias = p["lstm"]

        def cell(carry, x):
            h, c = carry
            i, f, g, o = jnp.split(jnp.concatenate([x, h], 1) @ kernel + bias, 4, 1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), None

        zero = jnp.zeros((B, width))
        (h, _), _ = jax.lax.scan(cell, (zero, zero), jnp.swapaxes(history, 0, 1))
        found = (diffrax_solve if with_diffrax else scan_solve)(p, h @ p["out"][0] + p["out"][1])
        return jnp.mean((jnp.swapaxes(found, 0, 1) - target) ** 2)

    @jax.jit
    def update(p, m, v, t):
        value, g = jax.value_and_grad(loss)(p)
        norm = jnp.sqrt(sum(jnp.sum(x**2) for x in jax.tree.leaves(g)))
        g = jax.tree.map(lambda x: x * jnp.minimum(1.0, CLIP / (norm + 1e-6)), g)
        m = jax.tree.map(lambda x, y: B1 * x + (1 - B1) * y, m, g)
        v = jax.tree.map(lambda x, y: B2 * x + (1 - B2) * y * y, v, g)
        p = jax.tree.map(lambda x, y, z: x - RATE * (y / (1 - B1**t)) / (jnp.sqrt(z / (1 - B2**t)) + EPS), p, m, v)
        return value, p, m, v

    carry = [params, jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params), 0.0]

    def step():
        carry[3] += 1.0
        value, *carry[:3] = update(*carry)
        return float(value)

    return step, jax.__version__


started = time.perf_counter()
step, version = {"torch": lambda: torch_step(False), "torch-compile": lambda: torch_step(True), "jax": lambda: jax_step(False), "diffrax": lambda: jax_step(True)}[engine]()
losses = [step() for _ in range(3)]
print("ready " + json.dumps({"version": version, "start_s": time.perf_counter() - started, "losses": losses}), flush=True)
for line in sys.stdin:
    begin, cpu = time.perf_counter(), time.process_time()
    for _ in range(int(line)):
        step()
    print((time.perf_counter() - begin) * 1000, (time.process_time() - cpu) * 1000, flush=True)
