"""What surrounds tasks, found in the tasks themselves: instances, definitions, variables."""
