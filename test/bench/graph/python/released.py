"""The training step of the released ObsNODE program for the cancer data, written anew from a description of what it does.

One step takes a batch at all five decision times: the LSTM reads the outcomes up to each, its output at the *first* time gives block 2,
the last treatment of the history is held, torchdiffeq's fixed-step Runge-Kutta method (3/8 rule) goes on to the end of the series. The
loss is summed up in a Python loop over patients and outcomes, the gradient is that of the continuous adjoint, whose backward solves all
see the treatment of the last decision time, and the network of block 1 is never trained.
"""
import torch
import torchdiffeq

DECISIONS = (4, 8, 12, 16, 20)


class Field(torch.nn.Module):
    def __init__(self, first, second):
        super().__init__()
        # In a list, which PyTorch does not search for parameters: the optimiser and the adjoint never hear of block 1.
        self.helpers, self.second, self.treatment = [first], second, None

    def forward(self, t, z):
        first, block2 = torch.chunk(z, 2, 1)
        return torch.cat([block2 + self.helpers[0](torch.cat([first, self.treatment], 1)), self.second(torch.cat([z, self.treatment], 1))], 1)


def network(weights, name):
    layers, count = [], sum(key.startswith(name + ".layers.") for key in weights) // 2
    for i in range(count):
        weight, bias = (torch.from_numpy(weights[f"{name}.layers.{i}.{part}"]) for part in ("weight", "bias"))
        layer = torch.nn.Linear(*weight.shape)
        layer.weight.data, layer.bias.data = weight.T.contiguous(), bias
        layers += [layer] if i == count - 1 else [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers)


def recognition(weights):
    inputs, gates = weights["lstm.inputWeight"].shape
    lstm = torch.nn.LSTM(inputs, gates // 4, batch_first=True)
    lstm.weight_ih_l0.data = torch.from_numpy(weights["lstm.inputWeight"]).T.contiguous()
    lstm.weight_hh_l0.data = torch.from_numpy(weights["lstm.hiddenWeight"]).T.contiguous()
    lstm.bias_ih_l0.data, lstm.bias_hh_l0.data = torch.from_numpy(weights["lstm.bias"]), torch.zeros(gates)
    head = torch.nn.Linear(*weights["head.weight"].shape)
    head.weight.data, head.bias.data = torch.from_numpy(weights["head.weight"]).T.contiguous(), torch.from_numpy(weights["head.bias"])
    return lstm, head


def relative_error(found, true, times):
    """For each patient and outcome, the integral of the squared error over that of the square, times the length of the window."""
    errors = []
    for i in range(found.shape[0]):
        for j in range(found.shape[2]):
            error, size = torch.trapezoid((found[i, :, j] - true[i, :, j]) ** 2, times), torch.trapezoid(true[i, :, j] ** 2, times)
            errors.append((times[-1] - times[0]) * error / size)
    return torch.stack(errors).mean()


def training_step(weights, batch):
    lstm, head = recognition(weights)
    field = Field(network(weights, "field.0"), network(weights, "field.1"))
    optimiser = torch.optim.Adam([*lstm.parameters(), *head.parameters(), *field.parameters()], 1e-4)
    outcomes, treatments = torch.from_numpy(batch["history.outcomes"]), torch.from_numpy(batch["history.treatments"])
    dy, length = outcomes.shape[2], outcomes.shape[1]
    time = torch.arange(length, dtype=torch.float32)

    def loss(c):
        hidden, _ = lstm(outcomes[:, : c + 1])
        z = torch.cat([outcomes[:, c], head(hidden[:, 0])], 1)
        field.treatment = treatments[:, c]
        states = torchdiffeq.odeint_adjoint(field, z, time[c:], method="rk4")
        return relative_error(states[:, :, :dy].transpose(0, 1), outcomes[:, c:], time[c:])

    def step():
        optimiser.zero_grad()
        out = torch.stack([loss(c) for c in DECISIONS]).mean()
        out.backward()
        optimiser.step()
        return float(out.detach())

    return step, f"{torch.__version__}, torchdiffeq {torchdiffeq.__version__}"
