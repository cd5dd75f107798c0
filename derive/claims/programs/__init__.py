"""Short programs read as formulas: data flow, what is thrown away, and how what is computed compares with a formula."""
