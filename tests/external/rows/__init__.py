"""Rows of the comparison with PyTorch: each module has a TABLE of them, and may say in LEFT_OUT what has no row."""
