"""Number formats: the values that a floating-point format has, how it rounds, and what it makes of a Gaussian."""
