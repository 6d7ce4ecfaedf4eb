"""Services, the tasks they work on, and an example of a worker."""
