"""Empty, as in a new Cortex XSOAR."""
