"""How the outside is reached: the only AWS calls in the house."""
