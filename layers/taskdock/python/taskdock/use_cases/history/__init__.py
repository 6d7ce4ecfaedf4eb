"""The history of tasks: written by the reader of the stream, read from what tasks keep."""
