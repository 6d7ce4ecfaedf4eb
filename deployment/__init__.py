"""Deploying a stage to AWS, the inbox included."""
