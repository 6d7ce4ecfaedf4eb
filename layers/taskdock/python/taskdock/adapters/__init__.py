"""Adapters for the ports of `use_cases`; all AWS calls are here."""
