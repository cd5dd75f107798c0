"""Reading what other people wrote, and judging it: formulas in LaTeX, and short programs."""
