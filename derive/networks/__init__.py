"""Networks layer by layer: what a short text says, and each layer's shape, parameters, operations and field."""
