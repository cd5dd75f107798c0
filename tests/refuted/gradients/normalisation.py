"""Wrong gradients of the layers that normalise: over the features of an example, or over the examples of a batch."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, sqrt

from derive.constructs import batch_norm, layer_norm, normalised_entries
from derive.constructs import rms_norm as rms
from derive.language import IndexSum, array, integer

t = integer("t")
N, D, i, j, h, r, epsilon = rms.N, rms.D, rms.i, rms.j, rms.h, rms.r, rms.epsilon
x, g, w, normed, dnormed = rms.x, rms.g, rms.w, rms.normed, rms.dnormed
gamma, beta, c = normalised_entries.gamma, normalised_entries.beta, normalised_entries.c


def root_mean_squares() -> Iterator[tuple[str, str, Expr]]:
    """No mean is subtracted."""
    example, feature, s = rms.EXAMPLE, rms.FEATURE, rms.s
    path, both, scale = "rms_norm.jacobian", normed[i, j] * normed[i, r] / D, w[j] / sqrt(s[i])
    yield path, "diagonal alone", example * feature * scale
    yield path, "delta of the features lost", -example * both * scale
    yield path, "delta of the examples lost", (feature - both) * scale
    yield path, "plus", example * (feature + both) * scale
    yield path, "1/D lost", example * (feature - D * both) * scale
    yield path, "not divided", example * (feature - both) * w[j]
    yield path, "divided by s", example * (feature - both) * w[j] / s[i]
    yield path, "the inputs for the normalised entries", example * (feature - x[i, j] * x[i, r] / D) * scale
    yield path, "the mean subtracted", example * (feature - 1 / D - both) * scale
    yield path, "weight lost", example * (feature - both) / sqrt(s[i])
    path, mean = "rms_norm.input_gradient", IndexSum(dnormed[h, t] * normed[h, t], t, 1, D) / D
    right = (dnormed[h, r] - normed[h, r] * mean) / sqrt(s[h])
    assert right == rms.input_gradient().right.xreplace({j: t})
    yield path, "as if s were constant", dnormed[h, r] / sqrt(s[h])
    yield path, "plus", (dnormed[h, r] + normed[h, r] * mean) / sqrt(s[h])
    yield path, "minus", -right
    yield path, "1/D lost", (dnormed[h, r] - normed[h, r] * D * mean) / sqrt(s[h])
    yield path, "not divided", right * sqrt(s[h])
    yield path, "divided by s", right / sqrt(s[h])
    yield path, "factor lost", (dnormed[h, r] - mean) / sqrt(s[h])
    yield path, "sum lost", (dnormed[h, r] - normed[h, r] ** 2 * dnormed[h, r] / D) / sqrt(s[h])
    inside = IndexSum(dnormed[h, t] * normed[h, r], t, 1, D) / D
    yield path, "r for the bound index", (dnormed[h, r] - normed[h, r] * inside) / sqrt(s[h])
    yield path, "epsilon forgotten", right * sqrt(s[h]) / sqrt(s[h] - epsilon)
    yield path, "epsilon outside the root", right * sqrt(s[h]) / (sqrt(s[h] - epsilon) + epsilon)
    upstream = IndexSum(g[h, t] * normed[h, t], t, 1, D) / D
    yield path, "weights lost", (g[h, r] - normed[h, r] * upstream) / sqrt(s[h])
    yield path, "weights taken out of the mean", w[r] * (g[h, r] - normed[h, r] * upstream) / sqrt(s[h])
    across = IndexSum(dnormed[t, r] * normed[t, r], t, 1, N) / N
    yield path, "the mean over the examples", (dnormed[h, r] - normed[h, r] * across) / sqrt(s[h])
    path = "rms_norm.weight_gradient"
    yield path, "inputs for normalised entries", IndexSum(g[t, r] * x[t, r], t, 1, N)
    yield path, "scaled", w[r] * IndexSum(g[t, r] * normed[t, r], t, 1, N)
    yield from ((path, *wrong) for wrong in over_the_batch(IndexSum(g[t, r] * normed[t, r], t, 1, N)))


def over_the_batch(right: IndexSum) -> Iterator[tuple[str, Expr]]:
    """What goes wrong in a sum over the examples."""
    yield "a mean", right / N
    yield "minus", -right
    yield "first example lost", IndexSum(right.body, t, 2, N)
    yield "last example lost", IndexSum(right.body, t, 1, N - 1)
    yield "lost sum", right.body.subs(t, 1)
    yield "a factor for each feature", right * D


def standardised(axis: int) -> Iterator[tuple[str, str, Expr]]:
    """With mean and variance, over the features (axis 1) or the examples (axis 0)."""
    name, layer = ("layer_norm", layer_norm) if axis else ("batch_norm", batch_norm)
    own, place, size, many = (rms.EXAMPLE, rms.FEATURE, D, N) if axis else (rms.FEATURE, rms.EXAMPLE, N, D)
    s = array("s", (1, many))
    path = "normalised_entries." + ("over_features" if axis else "over_examples")
    both, scale = normed[i, j] * (normed[i, r] if axis else normed[h, j]) / size, gamma[j] / sqrt(s[i if axis else j])
    yield path, "as if mean and variance were constant", own * place * scale
    yield path, "as if the mean were constant", own * (place - both) * scale
    yield path, "as if the variance were constant", own * (place - 1 / size) * scale
    yield path, "own delta lost", (place - 1 / size - both) * scale
    yield path, "plus", own * (place - 1 / size + both) * scale
    yield path, "sizes lost", own * (place - 1 - size * both) * scale
    yield path, "unbiased variance", own * (place - 1 / size - size * both / (size + 1)) * scale
    yield path, "centred entries for normalised ones", own * (place - 1 / size - both * s[i if axis else j]) * scale
    yield path, "scale lost", own * (place - 1 / size - both) / sqrt(s[i if axis else j])
    yield path, "the shift comes through", own * (place - 1 / size - both) * scale + beta[j]
    path, at, sigma = f"{name}.input_gradient", (h, t) if axis else (t, r), sqrt(s[h if axis else r])

    def mean(of: Expr) -> Expr:
        return IndexSum(of, t, 1, size) / size

    first, second = mean(dnormed[at]), normed[h, r] * mean(dnormed[at] * normed[at])
    right = (dnormed[h, r] - first - second) / sigma
    assert right == layer.input_gradient().right.xreplace({j if axis else i: t})
    yield path, "as if mean and variance were constant", dnormed[h, r] / sigma
    yield path, "as if the mean were constant", (dnormed[h, r] - second) / sigma
    yield path, "as if the variance were constant", (dnormed[h, r] - first) / sigma
    yield path, "plus", (dnormed[h, r] + first + second) / sigma
    yield path, "minus", -right
    yield path, "sizes lost", (dnormed[h, r] - size * first - size * second) / sigma
    yield path, "not divided", right * sigma
    yield path, "divided by s", right / sigma
    yield path, "factor lost", (dnormed[h, r] - first - mean(dnormed[at] * normed[at])) / sigma
    yield (
        path,
        "factor in the wrong mean",
        (dnormed[h, r] - normed[h, r] * (first + mean(dnormed[at] * normed[at]))) / sigma,
    )
    yield (
        path,
        "fixed index in the mean",
        (dnormed[h, r] - first - normed[h, r] * mean(dnormed[at] * normed[h, r])) / sigma,
    )
    yield path, "epsilon forgotten", right * sigma / sqrt(sigma**2 - epsilon)
    plain = g[h, r] - mean(g[at]) - normed[h, r] * mean(g[at] * normed[at])
    yield path, "scale lost", plain / sigma
    if axis:  # in a batch the scale of the feature may be taken out
        yield path, "scale taken out of the means", gamma[r] * plain / sigma
    other = (t, r) if axis else (h, t)
    across = IndexSum(dnormed[other] * normed[other], t, 1, many) / many
    yield path, "the other axis", (dnormed[h, r] - first - normed[h, r] * across) / sigma
    path = f"{name}.scale_gradient"
    yield path, "inputs for normalised entries", IndexSum(g[t, r] * x[t, r], t, 1, N)
    yield path, "centred entries for normalised ones", IndexSum(g[t, r] * c[t, r], t, 1, N)
    yield path, "as that of the shift", IndexSum(g[t, r], t, 1, N)
    yield from ((path, *wrong) for wrong in over_the_batch(IndexSum(g[t, r] * normed[t, r], t, 1, N)))
    path = f"{name}.shift_gradient"
    yield path, "as that of the scale", IndexSum(g[t, r] * normed[t, r], t, 1, N)
    yield path, "summed over the features", IndexSum(g[1, t], t, 1, D)
    yield path, "scaled", gamma[r] * IndexSum(g[t, r], t, 1, N)
    yield from ((path, *wrong) for wrong in over_the_batch(IndexSum(g[t, r], t, 1, N)))


WRONG = [*root_mean_squares(), *standardised(1), *standardised(0)]
