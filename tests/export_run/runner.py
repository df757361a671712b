"""Runs exported modules: one JSON object a line in, one a line out with the largest relative differences."""

import importlib
import json
import sys

import numpy as np

LIBRARY = sys.argv[1]
if LIBRARY == "jax":
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
elif LIBRARY == "torch":
    import torch


def made(values):
    array = np.array(values, dtype=float)
    if LIBRARY == "jax":
        return jnp.asarray(array)
    if LIBRARY == "torch":
        return torch.tensor(array, dtype=torch.float64)
    return array if array.ndim else float(array)


def known(table):
    """A function of every entry by its values at the entries that it will be given."""
    xs, ys = np.array(table["x"]), np.array(table["y"])

    def at(x):
        x = np.asarray(x)
        near = np.abs(x[..., None] - xs).argmin(axis=-1)
        assert np.allclose(xs[near], x, rtol=1e-9, atol=1e-12), "an argument that was not foreseen"
        return made(ys[near])

    return at


def known_whole(tables):
    """A function of a whole array by its values at the arrays that it will be given."""

    def at(x):
        x = np.asarray(x)
        for table in tables:
            if np.shape(table["x"]) == x.shape and np.allclose(table["x"], x, rtol=1e-9, atol=1e-12):
                return made(table["y"])
        raise AssertionError("an argument that was not foreseen")

    return at


def argument(a):
    kind, value = a["kind"], a["value"]
    if kind == "array":
        return made(value)
    if kind == "integer":
        return value
    return known(value) if kind == "entrywise" else known_whole(value)


def difference(found, expected):
    expected = np.array(expected, dtype=float)
    found = np.asarray(found, dtype=float)
    if found.shape != expected.shape:
        return f"has the shape {found.shape}, not {expected.shape}"
    size = np.abs(expected).max(initial=0.0)
    worst = np.abs(found - expected).max(initial=0.0)
    return float(worst / max(size, 1e-6)) if np.isfinite(worst) else "is not finite"


for line in sys.stdin:
    job = json.loads(line)
    answer = {}
    try:
        module = {}
        exec(compile(job["code"], "export", "exec"), module)
        arguments = [argument(a) for a in job["arguments"]]
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            for name, expected in job["expected"].items():
                answer[name] = difference(module[name](*arguments), expected)
    except Exception as e:
        answer["error"] = f"{type(e).__name__}: {e}"
    print(json.dumps(answer), flush=True)
