"""One file a construct; `registry` finds them by walking this package."""
