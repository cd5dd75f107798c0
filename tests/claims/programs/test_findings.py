"""Findings are reported for wrong programs, and not for their right twins."""

from __future__ import annotations

import pytest

from derive.claims.programs.findings import Formula, findings
from derive.claims.programs.meaning import meaning
from derive.claims.programs.source import read_program
from derive.errors import BadInput

STEP = {"W": "(n, m)", "x": "(m)", "y": "(n)", "eta": "()"}
TWO = {"W1": "(p, m)", "W2": "(n, p)", "x": "(m)", "y": "(n)", "eta": "()"}
MODULE = {"M": "(n, n)", "G": "(n, n)", "x": "(n)", "eta": "()"}
MEAN = {"w": "(n)", "w_bar": "(n)", "g": "(n)", "eta": "()", "gamma": "()"}
NET = {"W1": "(p, d)", "W2": "(q, p)", "b1": "(p)", "b2": "(q)", "x": "(d)"}


def found(lines: str, shapes: dict[str, str], about: str | None = None):
    """The findings of a function with these lines."""
    inner = "\n".join(f"    {line.strip()}" for line in lines.strip().split("\n"))
    names = ", ".join(name for name, shape in shapes.items() if "->" not in shape)
    return findings(meaning(read_program(f"def f({names}):\n{inner}", shapes)), about)


def kinds(*given, **more):
    """What kinds of findings, with their lines."""
    return [(f.kind, f.lines) for f in found(*given, **more)]


def words(finding) -> str:
    """The words, mathematics in its plain form."""
    return "".join(f"{p.left} = {p.right}" if isinstance(p, Formula) else str(p) for p in finding.words)


STALE = [
    ("""e = W @ x - y
     loss = np.sum(e**2)
     W = W - eta * np.outer(e, x)
     print(loss)
     return W""", STEP, (3, 4, 5)),
    ("""e = W @ x - y
     loss = np.sum(e**2)
     W -= eta * np.outer(e, x)
     print(2 * loss)
     return W""", STEP, (3, 4, 5)),
    ("""K = inv(M)
     M = M - eta * G
     z = tanh(M @ x)
     return K @ z""", MODULE, (2, 3, 5)),
    ("""K = inv(M)
     M = M - eta * G
     M = M - eta * G
     z = M @ x
     z = K @ z
     return z""", MODULE, (2, 4, 6)),
    ("""h = W1 @ x
     e = W2 @ h - y
     W1 = W1 - eta * np.outer(W2.T @ e, x)
     g = np.outer(e, h)
     z = g @ (W1 @ x)
     return W1, z""", TWO, (5, 4, 6)),
    ("""s = eta * x
     eta = eta / 2
     t = s + eta * x
     return t, eta""", {"x": "(n)", "eta": "()"}, (2, 3, 4)),
    ("""v = w
     c = np.sum(v**2)
     v = v - eta * g
     return c * v""", {"w": "(n)", "g": "(n)", "eta": "()"}, (3, 4, 5)),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "shapes", "at"), STALE, ids=range(len(STALE)))
def test_stale_values_are_found(lines, shapes, at):
    """With the lines where it is worked out, where its source moves, and where it is used; and a point."""
    stale = [f for f in found(lines, shapes) if f.kind == "stale value"]
    assert at in [f.lines for f in stale], [f.lines for f in stale]
    assert stale[0].verdict.kind == "refuted"
    assert "Worked out again it would be " in words(stale[0])


FRESH = [
    # the loss is logged before the step
    ("""e = W @ x - y
     loss = np.sum(e**2)
     print(loss)
     W = W - eta * np.outer(e, x)
     return W, loss""", STEP),
    # the loss is worked out again
    ("""e = W @ x - y
     W = W - eta * np.outer(e, x)
     e = W @ x - y
     loss = np.sum(e**2)
     print(loss)
     return W""", STEP),
    # the inverse is worked out again
    ("""M = M - eta * G
     K = inv(M)
     return K @ tanh(M @ x)""", MODULE),
    # two gradients that wait for both steps
    ("""h = W1 @ x
     e = W2 @ h - y
     G2 = np.outer(e, h)
     G1 = np.outer(W2.T @ e, x)
     W2 = W2 - eta * G2
     W1 = W1 - eta * G1
     return W1, W2""", TWO),
    # ... and are used together with nothing new
    ("""h = W1 @ x
     e = W2 @ h - y
     loss = np.sum(e**2)
     G2 = np.outer(e, h)
     G1 = np.outer(W2.T @ e, x)
     print(loss)
     W1 -= eta * G1
     W2 -= eta * G2
     z = W2 @ relu(W1 @ x)
     print(z)
     return W1, W2, loss""", TWO),
    # an old value that is kept on purpose
    ("""w_old = w
     w = w - eta * g
     d = w - w_old
     print(d)
     return w, d""", {"w": "(n)", "g": "(n)", "eta": "()"}),
    # a temporary name that is used again, as in a residual connection
    ("""h = W @ x
     a = relu(h)
     h = 2 * a
     return h + a""", {"W": "(n, m)", "x": "(m)"}),
    # the update changes nothing
    ("""s = 2 * w
     w = w + 0 * g
     return s + w""", {"w": "(n)", "g": "(n)"}),
    # what is worked out does not depend on what has moved
    ("""s = np.sum(w - w)
     w = w - g
     return s + w""", {"w": "(n)", "g": "(n)"}),
    # momentum
    ("""v = eta * v + g
     w = w - v
     print(v)
     return w, v""", {"w": "(n)", "v": "(n)", "g": "(n)", "eta": "()"}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "shapes"), FRESH, ids=range(len(FRESH)))
def test_right_programs_have_no_stale_value(lines, shapes):
    """Nothing is said of what is right."""
    assert [f for f in kinds(lines, shapes) if f[0] in ("stale value", "discarded result")] == []


def test_a_gradient_with_the_weights_of_the_next_step():
    """The error goes back through weights that have moved: told once, and not again of what is made from it."""
    lines = """h = W1 @ x
     e = W2 @ h - y
     W2 = W2 - eta * np.outer(e, h)
     G1 = np.outer(W2.T @ e, x)
     W1 = W1 - eta * G1
     return W1, W2"""
    assert kinds(lines, TWO) == [("stale value", (3, 4, 5))]
    right = lines.split("\n")
    right[2], right[3] = right[3], right[2]
    assert kinds("\n".join(right), TWO) == []


def test_what_cannot_be_decided_says_so():
    """A value that is made from a moved one, and of which no law shows whether it is another."""
    lines = """s = exp(w) * exp(-w)
     c = tanh(w) - (exp(w) - exp(-w)) / (exp(w) + exp(-w))
     w = w + 1
     return c + w + s"""
    (finding,) = [f for f in found(lines, {"w": "()"}) if f.kind == "stale value"]
    assert finding.verdict.kind == "undecided"
    assert "undecided" in words(finding)


def test_discarded_results_are_found():
    """Thrown away, replaced, never used, not returned; not what is changed in place for the caller."""
    assert kinds("h = W1 @ x\nrelu(h)\nreturn h", {"W1": "(p, d)", "x": "(d)"}) == [("discarded result", (3,))]
    assert kinds("h = W1 @ x\nh = relu(x)\nreturn h", {"W1": "(p, d)", "x": "(d)"}) == [("discarded result", (2,))]
    assert kinds("h = W1 @ x\nreturn x", {"W1": "(p, d)", "x": "(d)"}) == [("discarded result", (2,))]
    assert kinds("w = w - g\nreturn g", {"w": "(n)", "g": "(n)"}) == [("discarded result", (2,))]
    assert kinds("w -= g\nreturn g", {"w": "(n)", "g": "(n)"}) == []
    assert kinds("w = w - g\nreturn w", {"w": "(n)", "g": "(n)"}) == []
    assert kinds("h = W1 @ x\nh = relu(h)\nreturn h", {"W1": "(p, d)", "x": "(d)"}) == []
    (gone,) = found("w = w - g\nreturn g", {"w": "(n)", "g": "(n)"})
    assert words(gone) == (
        "w' is worked out on line 2 and never used: the caller's w stays as it was, and the new value is not returned."
    )
    (thrown,) = found("relu(x)\nreturn x", {"x": "(n)"})
    assert words(thrown) == "Line 2, relu(x), works out a value and throws it away: nothing is assigned."


@pytest.mark.parametrize(
    ("lines", "matrix"),
    [
        ("h = W1 @ x + b1\nreturn W2 @ h + b2", "product(W2, W1)"),
        ("h = W1 @ x + b1\nrelu(h)\nreturn W2 @ h + b2", "product(W2, W1)"),
        ("h = x @ W1.T + b1\nreturn h @ W2.T - b2", "product(W2, W1)"),
        ("return W1 @ x / 2 - b1", "scaled(1/2, W1)"),
        ("return b1 - W1 @ x", "scaled(-1, W1)"),
        ("return W1 @ x - W1 @ x + 2 * b1 + W1 @ x", "sum(difference(W1, W1), W1)"),
        ("return W1 @ x + relu(b1)", None),
        ("s = np.sum(W1 @ x)\nreturn s * b1", None),
        ("return mean(x) + b1", None),
        ("return tanh(W1) @ x", None),
    ],
)
def test_affine_maps_are_found(lines, matrix):
    """With the matrix where it can be told."""
    (finding,) = [f for f in found(lines, NET, "x") if f.kind == "affine map"]
    assert finding.verdict.kind == "proved"
    said = words(finding)
    assert said.startswith("The result is an affine function of x")
    assert (f"with the matrix {matrix}." in said) is (matrix is not None), said


@pytest.mark.parametrize(
    "lines",
    [
        "h = relu(W1 @ x + b1)\nreturn W2 @ h + b2",
        "h = tanh(W1 @ x)\nreturn W2 @ h",
        "h = W1 @ x\nreturn h * h",
        "h = W1 @ x\nreturn h / (1 + np.sum(h))",
        "return x * (x @ x)",
        "return b1 * exp(np.sum(x))",
        "return relu(x) + x",
        "return sqrt(x ** 2)",
    ],
)
def test_networks_are_not_called_affine(lines):
    """Where the input goes through something that is not linear, or is multiplied by itself."""
    assert [f for f in kinds(lines, NET, "x") if f[0] == "affine map"] == []


def test_what_hides_the_input_is_not_called_affine():
    """An inverse of a value that has no form: the input stands in that value's definition."""
    shapes = {"Q": "(n, n)", "y": "(n)"}
    assert kinds("K = relu(Q)\nL = inv(K)\nreturn L @ y", shapes, "Q") == []
    assert kinds("v = relu(y)\nreturn f(v)", {"y": "(n)", "f": "(n) -> (m)"}, "y") == []
    assert kinds("return J_f(y) @ y", {"y": "(n)", "f": "(n) -> (m)"}, "y") == []


def test_a_result_free_of_the_input_is_told():
    """Everything cancels."""
    (finding,) = [f for f in found("return x - x + b1 * 0 + W1 @ (x - x)", {**NET, "b1": "()", "W1": "(d, d)"}, "x")
                  if f.kind == "affine map"]  # fmt: skip
    assert words(finding).startswith("The result does not depend on x.")


def test_the_input_must_be_a_parameter():
    """Another name is refused, with those that there are."""
    with pytest.raises(BadInput, match="no parameter 'z'; there are W1"):
        found("return x", NET, "z")


def test_the_order_of_logging_is_told():
    """Which weights a logged mean has seen, in both orders."""
    late = "w_bar = (1 - gamma) * w_bar + gamma * w\nw = w - eta * g\nprint(w_bar)\nreturn w, w_bar"
    soon = "w = w - eta * g\nw_bar = (1 - gamma) * w_bar + gamma * w\nprint(w_bar)\nreturn w, w_bar"
    (one,), (other,) = found(late, MEAN), found(soon, MEAN)
    said = "Line 4 logs w_bar' after its update on line {}; it is made from w {} its update on line {}: w_bar' = "
    assert words(one).startswith(said.format(2, "before", 3))
    assert words(other).startswith(said.format(3, "after", 2))
    (before,) = found("print(w)\nw = w - g\nw = w - g\nreturn w", {"w": "(n)", "g": "(n)"})
    assert words(before) == "Line 2 logs w before its update on line 3."
    (between,) = found("w = w - g\nprint(w)\nw = w - g\nreturn w", {"w": "(n)", "g": "(n)"})
    assert words(between).startswith("Line 3 logs w' after its update on line 2 and before the one on line 4")
    assert kinds("s = 2 * w\nprint(s)\nreturn w", {"w": "(n)"}) == []
