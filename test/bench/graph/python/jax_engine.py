"""Training steps in JAX, compiled whole; with the engine `diffrax`, ODEs are solved by that library."""
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

import models


class Ops:
    """What the models are written in, in JAX."""

    def __init__(self, with_diffrax):
        if with_diffrax:
            self.runge_kutta = diffrax_step

    tanh, sigmoid, exp, elu = staticmethod(jnp.tanh), staticmethod(jax.nn.sigmoid), staticmethod(jnp.exp), staticmethod(jax.nn.elu)
    softplus, cat, stack, flip = staticmethod(jax.nn.softplus), staticmethod(jnp.concatenate), staticmethod(jnp.stack), staticmethod(jnp.flip)
    where, tensor, rsqrt, cumsum = staticmethod(jnp.where), staticmethod(jnp.asarray), staticmethod(jax.lax.rsqrt), staticmethod(jnp.cumsum)
    zeros, ones = staticmethod(jnp.zeros), staticmethod(jnp.ones)
    transpose, constant, split = staticmethod(jnp.transpose), staticmethod(jax.lax.stop_gradient), staticmethod(jnp.split)
    clip = staticmethod(jnp.clip)

    @staticmethod
    def softmax(x):
        return jax.nn.softmax(x, -1)

    @staticmethod
    def linear(x, weight, bias):
        return x @ weight + bias

    @staticmethod
    def part(f):
        return f

    def scan(self, body, weights, carry, xs):
        return jax.lax.scan(lambda state, x: body(self, weights, state, x), carry, tuple(xs))


def diffrax_step(slope, z):
    """One step of the classical Runge-Kutta method, which diffrax does not bring along, by diffrax's own solver loop."""
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

    # One solve per decision interval: a stage at its end must still see the interval's own treatment.
    term = diffrax.ODETerm(lambda t, y, args: slope(y))
    return diffrax.diffeqsolve(term, RK4(), 0.0, 1.0, 1.0, z, stepsize_controller=diffrax.ConstantStepSize(), max_steps=1).ys[-1]


def training_step(engine, threads, spec, weights, batch):
    ops, loss = Ops(engine == "diffrax"), getattr(models, spec["model"])
    data = {name: jnp.asarray(values) for name, values in batch.items()}
    rate, clip, b1, b2 = spec["rate"], spec["clip"], 0.9, 0.999

    @jax.jit
    def update(p, m, v, t, given):
        value, g = jax.value_and_grad(lambda q: loss(ops, q, given, spec["options"]))(p)
        norm = jnp.sqrt(sum(jnp.sum(x**2) for x in jax.tree.leaves(g)))
        g = jax.tree.map(lambda x: x * jnp.minimum(1.0, clip / (norm + 1e-6)), g)
        m = jax.tree.map(lambda x, y: b1 * x + (1 - b1) * y, m, g)
        v = jax.tree.map(lambda x, y: b2 * x + (1 - b2) * y * y, v, g)
        p = jax.tree.map(lambda x, y, z: x - rate * (y / (1 - b1**t)) / (jnp.sqrt(z / (1 - b2**t)) + 1e-8), p, m, v)
        return value, p, m, v

    p = jax.tree.map(jnp.asarray, weights)
    carry = [p, jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p), 0.0]

    def step():
        carry[3] += 1.0
        value, *carry[:3] = update(*carry, data)
        return float(value)

    return step, jax.__version__
