"""Changing tasks and what belongs to them, safely beside others who do the same."""
