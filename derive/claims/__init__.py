"""Reading what other people wrote, and judging it: short programs as formulas."""
