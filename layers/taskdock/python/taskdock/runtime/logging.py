"""The one logger: JSON, a line for each thing that happened.

Messages are short constants, details are keys. Ids may be logged; names, descriptions, tokens and
e-mail addresses never.
"""

from aws_lambda_powertools import Logger

logger = Logger(service="taskdock", location=None)
