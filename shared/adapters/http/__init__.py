"""Other services over plain HTTP."""
