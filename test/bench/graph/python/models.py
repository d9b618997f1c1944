"""Training losses of the benchmark's models, in code of their own, written once for PyTorch and JAX.

`ops` holds the operations of either; `scan` is a Python loop in PyTorch and `lax.scan` in JAX, each as its users would write it.
Every loss takes (ops, weights by name, batch by name, options). The caller checks that it equals the library's.
"""
import math

import numpy as np

LOG_SD_BOUND, INCREMENT_SCALE, FORBIDDEN = 3.0, 5.0, -1e9


def dense(ops, w, name, x):
    return ops.linear(x, w[name + ".weight"], w[name + ".bias"])


def mlp(ops, w, name, x, activation="elu"):
    last = 0
    while f"{name}.layers.{last + 1}.weight" in w:
        last += 1
    for i in range(last):
        x = getattr(ops, activation)(dense(ops, w, f"{name}.layers.{i}", x))
    return dense(ops, w, f"{name}.layers.{last}", x)


def by_step(ops, x):
    """[B, S, d] to [S, B, d]."""
    return ops.transpose(x, (1, 0, 2))


def runge_kutta(slope, z):
    k1 = slope(z)
    k2 = slope(z + 0.5 * k1)
    k3 = slope(z + 0.5 * k2)
    k4 = slope(z + k3)
    return z + (k1 + 2 * k2 + 2 * k3 + k4) / 6


# Reference step: an LSTM, then an ODE whose block i integrates block i + 1.


def reference(ops, w, batch, size):
    history, plan, target = (by_step(ops, batch[name]) for name in ("history", "plan", "target"))
    start = ops.zeros((history.shape[1], size["width"]))
    (hidden, _), _ = ops.scan(reference_cell, w, (start, start), (history,))
    z = ops.linear(hidden, w["readout"], w["offset"])
    _, (found,) = ops.scan(reference_interval, w, z, (plan,))
    return ((found - target) ** 2).mean()


def reference_cell(ops, w, state, x):
    hidden, cell = state
    i, f, g, o = ops.split(ops.linear(ops.cat([x[0], hidden], 1), w["kernel"], w["bias"]), 4, 1)
    cell = ops.sigmoid(f) * cell + ops.sigmoid(i) * ops.tanh(g)
    hidden = ops.sigmoid(o) * ops.tanh(cell)
    return (hidden, cell), ()


def reference_interval(ops, w, z, x):
    dy = w["offset"].shape[0] // sum(name.endswith(".layers.0.weight") for name in w)
    field = ops.part(slope)
    z = getattr(ops, "runge_kutta", runge_kutta)(lambda state: field(ops, w, dy, state, x[0]), z)
    return z, (z[:, :dy],)


def slope(ops, w, dy, z, a):
    x, blocks = ops.cat([z, a], 1), z.shape[1] // dy
    phi = [mlp(ops, w, f"field.{i}", x, "tanh") for i in range(blocks)]
    return ops.cat([z[:, (i + 1) * dy : (i + 2) * dy] + f if i + 1 < blocks else f for i, f in enumerate(phi)], 1)


# What the models of the library share.


def squared_error(ops, found, batch):
    observed = batch["target.observed"]
    share = observed / ops.clip(observed.sum(1, keepdims=True), 1, None)
    return ((found - batch["target.outcomes"]) ** 2 * share).sum() / found.shape[0]


def impute(b, outcomes, observed):
    return outcomes * observed + b * (1 - observed)


def delayed(ops, x):
    return ops.cat([ops.zeros((x.shape[0], 1, x.shape[2])), x[:, :-1]], 1)


def at_decision(x, batch):
    return (x * batch["history.last"][:, :, None]).sum(1)


def features(ops, outcome, observed, before, observed_before, treatment, elapsed, scale):
    increment = (outcome - before) * observed * observed_before * INCREMENT_SCALE
    return ops.cat([outcome, observed, increment, treatment, elapsed / scale], -1)


def history_features(ops, imputation, batch, scale):
    """Features of the history, and outcome, mask and elapsed time at the decision."""
    observed, time = batch["history.observed"], batch["history.time"]
    outcome, elapsed = impute(imputation, batch["history.outcomes"], observed), (time - time[:, :1])[:, :, None]
    read = features(ops, outcome, observed, delayed(ops, outcome), delayed(ops, observed), delayed(ops, batch["history.treatments"]), elapsed, scale)
    return read, tuple(at_decision(x, batch) for x in (outcome, observed, elapsed))


def inside_series(ops, batch):
    seen = ops.cumsum(ops.flip(batch["target.observed"].sum(2), (1,)), 1)
    return ops.clip(ops.flip(seen, (1,)), None, 1)


def log_bernoulli(ops, out, treatments):
    return -ops.softplus(out * ops.where(treatments > 0, -1.0, 1.0))


def log_gaussian(ops, out, treatments):
    mean, raw = ops.split(out, 2, 1)
    log_sd = ops.tanh(raw / LOG_SD_BOUND) * LOG_SD_BOUND
    z = (treatments - mean) * ops.exp(-log_sd)
    return -0.5 * z**2 - log_sd - 0.5 * math.log(2 * math.pi)


def balancing(ops, w, head, density, representation, treatments, active, most):
    """Error of the treatment head; on the way back to the representation its gradient is reversed. Half of the training is done."""
    strength = most * (2 / (1 + math.exp(-5)) - 1)
    seen = ops.constant(representation) * (1 + strength) - representation * strength
    log_density = density(ops, mlp(ops, w, head + ".head", seen), treatments).sum(1)
    return -(log_density * active).sum() / ops.clip(active.sum(), 1, None)


# LSTM step: the counterfactual recurrent network.


def lstm_gates(ops, w, name, gates, hidden, cell):
    i, f, g, o = ops.split(ops.linear(hidden, w[name + ".hiddenWeight"], gates), 4, 1)
    cell = ops.sigmoid(f) * cell + ops.sigmoid(i) * ops.tanh(g)
    return ops.sigmoid(o) * ops.tanh(cell), cell


def encoder_cell(ops, w, state, x):
    state = lstm_gates(ops, w, "encoder.lstm", x[0], *state)
    return state, state


def crn(ops, w, batch, options):
    scale = options["timeScale"]
    read, now = history_features(ops, w["encoder.imputation"], batch, scale)
    rows, length, _ = read.shape
    projected = ops.linear(read.reshape(rows * length, -1), w["encoder.lstm.inputWeight"], w["encoder.lstm.bias"])
    zero = ops.zeros((rows, w["encoder.lstm.hiddenWeight"].shape[0]))
    _, states = ops.scan(encoder_cell, w, (zero, zero), (by_step(ops, projected.reshape(rows, length, -1)),))
    hidden = at_decision(by_step(ops, states[0]), batch)
    representation = ops.elu(dense(ops, w, "first.representation", hidden))
    treatments, durations = by_step(ops, batch["plan.treatments"]), ops.transpose(batch["plan.duration"], (1, 0))[:, :, None]
    predicted = now[0] + change(ops, w, "first", representation, treatments[0], durations[0], scale)
    truth, observed = by_step(ops, batch["target.outcomes"]), by_step(ops, batch["target.observed"])
    begin = (*now, representation, representation, predicted)
    xs = (treatments[:-1], durations[:-1], truth[:-1], observed[:-1], treatments[1:], durations[1:])
    _, (later, representations) = ops.scan(crn_interval, w, begin, xs)
    found = ops.transpose(ops.cat([predicted[None], later], 0), (1, 0, 2))
    active, steps = ops.transpose(inside_series(ops, batch), (1, 0)), treatments.shape[0]
    width, da = representation.shape[1], treatments.shape[2]
    first = balancing(ops, w, "first.treatment", log_bernoulli, representation, treatments[0], active[0], options["balance"])
    rest = balancing(ops, w, "later.treatment", log_bernoulli, representations.reshape((steps - 1) * rows, width), treatments[1:].reshape((steps - 1) * rows, da), active[1:].reshape((steps - 1) * rows), options["balance"])
    return squared_error(ops, found, batch) + first + rest


def change(ops, w, half, representation, treatment, duration, scale):
    return mlp(ops, w, half + ".outcome", ops.cat([representation, treatment, duration / scale], 1))


def crn_interval(ops, w, state, x):
    before, observed_before, elapsed, hidden, cell, predicted = state
    treatment, duration, truth, measured, following, length = x
    outcome, elapsed = impute(predicted, truth, measured), elapsed + duration
    known = ops.ones(outcome.shape)
    read = features(ops, outcome, known, before, observed_before, treatment, elapsed, TIME_SCALE)
    gates = ops.linear(read, w["decoder.inputWeight"], w["decoder.bias"])
    hidden, cell = lstm_gates(ops, w, "decoder", gates, hidden, cell)
    representation = ops.elu(dense(ops, w, "later.representation", hidden))
    predicted = outcome + change(ops, w, "later", representation, following, length, TIME_SCALE)
    return (outcome, known, elapsed, hidden, cell, predicted), (predicted, representation)


# Bodies of loops take no options: this is the library's default, and the caller's check of the loss would notice another.
TIME_SCALE = 24.0


# CDE step: TE-CDE.


def follow(ops, w, name, z, increment):
    matrix = ops.tanh(mlp(ops, w, name, z, "tanh")).reshape(z.shape[0], increment.shape[1], z.shape[1])
    return z + (matrix * increment[:, :, None]).sum(1)


def encoder_segment(ops, w, z, x):
    z = follow(ops, w, "encoder.field", z, x[0])
    return z, ()


def te_cde(ops, w, batch, options):
    scale, observed = options["timeScale"], batch["history.observed"]
    outcome, treatment = impute(w["encoder.imputation"], batch["history.outcomes"], observed), delayed(ops, batch["history.treatments"])
    before, time = delayed(ops, outcome), batch["history.time"]
    rate = (outcome - before) * observed * delayed(ops, observed)
    clock = ops.cat([ops.zeros((time.shape[0], 1)), time[:, 1:] - time[:, :-1]], 1)[:, :, None]
    clock = clock * (INCREMENT_SCALE / scale)
    parts = [outcome - before, observed / INCREMENT_SCALE, (rate - delayed(ops, rate)) * INCREMENT_SCALE, treatment - delayed(ops, treatment), treatment * clock, clock]
    known = ops.flip(ops.cumsum(ops.flip(batch["history.last"], (1,)), 1), (1,))[:, :, None]
    increments = by_step(ops, (ops.cat(parts, -1) * known)[:, 1:])
    z = dense(ops, w, "encoder.start", ops.cat([outcome[:, 0], observed[:, 0]], 1))
    z, _ = ops.scan(encoder_segment, w, z, (increments,))
    start = impute(dense(ops, w, "guess", z), at_decision(outcome, batch), at_decision(observed, batch))
    treatments, durations = by_step(ops, batch["plan.treatments"]), ops.transpose(batch["plan.duration"], (1, 0))[:, :, None]
    truth, measured = by_step(ops, batch["target.outcomes"]), by_step(ops, batch["target.observed"])
    (z, before), rows = (dense(ops, w, "adapter", z), at_decision(treatment, batch)), time.shape[0]
    moved, forecast = te_cde_move(ops, w, z, start, before, treatments[0], durations[0])
    begin = (moved, start, forecast, treatments[0])
    _, (later, states) = ops.scan(te_cde_interval, w, begin, (truth[:-1], measured[:-1], treatments[1:], durations[1:]))
    found, states = ops.cat([forecast[None], later], 0), ops.cat([z[None], states], 0).reshape(treatments.shape[0] * rows, -1)
    active = ops.transpose(inside_series(ops, batch), (1, 0)).reshape(-1)
    hidden = balancing(ops, w, "treatment", log_gaussian, states, treatments.reshape(states.shape[0], -1), active, options["balancing"])
    return squared_error(ops, by_step(ops, found), batch) + hidden


def te_cde_move(ops, w, z, outcome, before, treatment, duration):
    clock = duration * (INCREMENT_SCALE / TIME_SCALE)
    moved = follow(ops, w, "decoder.between.field", z, ops.cat([clock, treatment * clock, treatment - before], 1))
    return moved, outcome + (moved - z) @ w["decoder.between.readout"]


def te_cde_interval(ops, w, state, x):
    moved, outcome, forecast, before = state
    truth, measured, treatment, duration = x
    read = impute(forecast, truth, measured)
    z = follow(ops, w, "decoder.news", moved, (read - outcome) * INCREMENT_SCALE)
    moved, forecast = te_cde_move(ops, w, z, read, before, treatment, duration)
    return (moved, read, forecast, treatment), (forecast, z)


# Attention step: the causal transformer.


def causal_transformer(ops, w, batch, options):
    scale, imputation = options["timeScale"], w["transformer.imputation"]
    read, (outcome, observed, elapsed) = history_features(ops, imputation, batch, scale)
    known, present = ending_at_decision(ops, read, batch)
    true, measured = impute(imputation, batch["target.outcomes"], batch["target.observed"]), batch["target.observed"]
    start = ops.cat([outcome[:, None], true[:, :-1]], 1)
    after = (elapsed + ops.cumsum(batch["plan.duration"], 1))[:, :, None]
    later = features(ops, true, measured, start, ops.cat([observed[:, None], measured[:, :-1]], 1), batch["plan.treatments"], after, scale)
    rows, steps, da = batch["plan.treatments"].shape
    x, present = ops.cat([known, later[:, :-1]], 1), ops.cat([present, ops.ones((rows, steps - 1))], 1)
    tokens = read_times(ops, w, x, present, steps, options["blocks"]).reshape(rows * steps, -1)
    representation = ops.elu(dense(ops, w, "representation", tokens))
    treatments, durations = batch["plan.treatments"].reshape(rows * steps, da), batch["plan.duration"].reshape(rows * steps, 1)
    found = start + mlp(ops, w, "outcome", ops.cat([representation, treatments, durations / scale], 1)).reshape(rows, steps, -1)
    hidden = balancing(ops, w, "treatment", log_bernoulli, representation, treatments, inside_series(ops, batch).reshape(rows * steps), options["balance"])
    return squared_error(ops, found, batch) + hidden


def ending_at_decision(ops, read, batch):
    """Moves every row so that the decision stands last."""
    last = batch["history.last"]
    rows, length = last.shape
    moves = np.zeros((length, length, length), np.float32)
    for c in range(length):
        for k in range(c + 1):
            moves[c, k + length - 1 - c, k] = 1
    move = (last @ ops.tensor(moves.reshape(length, -1))).reshape(rows, length, length)
    return move @ read, move.sum(2)


def read_times(ops, w, x, present, last, blocks):
    rows, length, _ = x.shape
    x = rowwise(ops, w, "transformer.embed", x)
    for i in range(blocks):
        x = attention(ops, w, f"transformer.blocks.{i}", x, present, last if i == blocks - 1 else length)
    return layer_norm(ops, w, "transformer.final", x)


def rowwise(ops, w, name, x):
    return dense(ops, w, name, x.reshape(x.shape[0] * x.shape[1], x.shape[2])).reshape(x.shape[0], x.shape[1], -1)


def layer_norm(ops, w, name, x):
    centred = x - x.mean(-1, keepdims=True)
    return centred * ops.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * w[name + ".gain"] + w[name + ".offset"]


def attention(ops, w, name, x, present, last):
    table = w[name + ".distance"]
    rows, length, dim = x.shape
    heads, reach = table.shape
    project = rowwise(ops, w, name + ".project", layer_norm(ops, w, name + ".beforeAttention", x))
    queries, keys, values = ops.split(ops.transpose(project.reshape(rows, length, 3 * heads, dim // heads), (0, 2, 1, 3)), 3, 1)
    scores = queries[:, :, -last:] @ ops.transpose(keys, (0, 1, 3, 2)) * math.sqrt(heads / dim)
    back = np.arange(length - last, length)[:, None] - np.arange(length)[None, :]
    scores = scores + table[:, ops.tensor(np.clip(back, 0, reach - 1))] + ops.tensor(np.where(back < 0, FORBIDDEN, 0).astype(np.float32))
    padding = (present - 1)[:, None, None, :] * -FORBIDDEN
    read = ops.softmax(scores + padding) @ values
    x = x[:, -last:] + rowwise(ops, w, name + ".mix", ops.transpose(read, (0, 2, 1, 3)).reshape(rows, last, dim))
    wide = ops.elu(rowwise(ops, w, name + ".widen", layer_norm(ops, w, name + ".beforeForward", x)))
    return x + rowwise(ops, w, name + ".narrow", wide)
