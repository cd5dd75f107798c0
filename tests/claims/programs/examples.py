"""Programs by chance: shapes that fit, every operation of the language."""

from __future__ import annotations

import random

SHAPES = {"A": "(n, m)", "B": "(m, n)", "Q": "(n, n)", "C": "(m, m)", "x": "(m)", "y": "(n)", "a": "()", "b": "()"}
_SIZES = {"A": "nm", "B": "mn", "Q": "nn", "C": "mm", "x": "m", "y": "n", "a": "", "b": ""}


class Chance:
    """Writes a program, line by line."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.sizes = dict(_SIZES)
        self.used: set[str] = set()

    def named(self, sizes: str) -> str:
        """A name with these sizes."""
        return self.random.choice([name for name, known in self.sizes.items() if known == sizes])

    def expression(self, sizes: str, depth: int) -> str:
        """An expression with these sizes."""
        known = [name for name, s in self.sizes.items() if s == sizes]
        if depth == 0 and known:
            return self.random.choice(known)
        inner = depth - 1 if depth else 0
        forms = [f"({self.expression(sizes, inner)} {self.random.choice('+-*')} {self.expression(sizes, inner)})"]
        forms.append(f"({self.expression(sizes, inner)} * {self.expression('', inner)})")
        forms.append(f"(-{self.expression(sizes, inner)} / 3)")
        forms.append(f"relu({self.expression(sizes, inner)})")
        forms.append(f"{self.random.choice(['abs', 'np.sign'])}({self.expression(sizes, inner)})")
        forms.append(f"({self.expression(sizes, inner)}) ** 2")
        if len(sizes) == 2:
            forms.append(f"({self.expression(sizes[::-1], inner)}).T")
            through = self.random.choice("nm")
            left, right = self.expression(sizes[0] + through, inner), self.expression(through + sizes[1], inner)
            forms.append(f"({left} @ {right})")
            forms.append(f"np.outer({self.expression(sizes[0], inner)}, {self.expression(sizes[1], inner)})")
        if len(sizes) == 1:
            through = self.random.choice("nm")
            forms.append(f"({self.expression(sizes + through, inner)} @ {self.expression(through, inner)})")
            forms.append(f"np.dot({self.expression(through, inner)}, {self.expression(through + sizes, inner)})")
        if not sizes:
            some = self.random.choice(["n", "m", "nm", "nn"])
            forms.append(f"np.{self.random.choice(['sum', 'mean'])}({self.expression(some, inner)})")
            forms.append(f"({self.expression('m', inner)} @ {self.expression('m', inner)} - 0.5)")
        return self.random.choice(forms)

    def program(self, lines: int) -> str:
        """A program with so many assignments."""
        text = ["def chance(A, B, Q, C, x, y, a, b):"]
        for number in range(lines):
            if self.random.random() < 0.15:
                text.append("    K = inv(Q)")
                self.sizes["K"] = "nn"
                continue
            sizes = self.random.choice(["n", "m", "nm", "mn", "nn", "", "n", "m"])
            target = self.named(sizes) if self.random.random() < 0.5 else f"v{number}"
            made = self.expression(sizes, self.random.choice([1, 1, 2]))
            in_place = target in self.sizes and self.random.random() < 0.3
            text.append(f"    {target} {self.random.choice(['+=', '-=']) if in_place else '='} {made}")
            self.sizes[target] = sizes
        text.append(f"    return {', '.join(self.random.sample(sorted(self.sizes), 2))}")
        return "\n".join(text)
