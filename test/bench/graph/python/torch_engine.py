"""Training steps in PyTorch, eager or compiled: the models' losses as a whole, of the long reference step the vector field."""
import torch
import torch.nn.functional as F

import models


class Ops:
    """What the models are written in, in PyTorch."""

    def __init__(self, compile_parts):
        self.compile_parts, self.parts = compile_parts, {}

    tanh, sigmoid, exp, elu = staticmethod(torch.tanh), staticmethod(torch.sigmoid), staticmethod(torch.exp), staticmethod(F.elu)
    softplus, cat, stack, flip = staticmethod(F.softplus), staticmethod(torch.cat), staticmethod(torch.stack), staticmethod(torch.flip)
    where, tensor, rsqrt, cumsum = staticmethod(torch.where), staticmethod(torch.from_numpy), staticmethod(torch.rsqrt), staticmethod(torch.cumsum)
    zeros, ones = staticmethod(torch.zeros), staticmethod(torch.ones)
    transpose = staticmethod(torch.permute)
    clip = staticmethod(torch.clip)

    @staticmethod
    def constant(x):
        return x.detach()

    @staticmethod
    def softmax(x):
        return torch.softmax(x, -1)

    @staticmethod
    def split(x, parts, axis):
        return torch.chunk(x, parts, axis)

    @staticmethod
    def linear(x, weight, bias):
        return torch.addmm(bias, x, weight)

    def part(self, f):
        """Compiling the whole reference step, or one step of its solver with the gradient, takes many minutes."""
        if not self.compile_parts:
            return f
        if f not in self.parts:
            self.parts[f] = torch.compile(f)
        return self.parts[f]

    def scan(self, body, weights, carry, xs):
        """`body(ops, weights, carry, x) -> carry, out` for every x; xs stand along axis 0."""
        outs = []
        for x in zip(*(torch.unbind(v) for v in xs)):
            carry, out = body(self, weights, carry, x)
            outs.append(out)
        return carry, tuple(torch.stack(part) for part in zip(*outs))


def training_step(engine, threads, spec, weights, batch):
    parameters = {name: torch.nn.Parameter(torch.from_numpy(values)) for name, values in weights.items()}
    data = {name: torch.from_numpy(values) for name, values in batch.items()}
    optimiser = torch.optim.Adam(parameters.values(), spec["rate"], betas=(0.9, 0.999), eps=1e-8, fused=True)
    compiled = engine == "torch-compile"
    ops, loss = Ops(compiled and spec["model"] == "reference"), getattr(models, spec["model"])
    if compiled and spec["model"] != "reference":
        loss = torch.compile(loss)

    def step():
        optimiser.zero_grad(set_to_none=True)
        out = loss(ops, parameters, data, spec["options"])
        out.backward()
        torch.nn.utils.clip_grad_norm_(parameters.values(), spec["clip"])
        optimiser.step()
        return float(out)

    return step, torch.__version__
