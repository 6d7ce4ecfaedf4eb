"""The template's secrets on moto."""

from contextlib import suppress
from typing import Any

from local.template import Template


def make_secrets(template: Template, secrets: Any) -> None:
    """Makes every secret with its content, and gives the template its address."""
    for logical_id, node in template.resources("AWS::SecretsManager::Secret").items():
        name, content = template.physical_name(logical_id), template.resolve(node["SecretString"])
        with suppress(
            secrets.exceptions.ResourceExistsException
        ):  # moto keeps it while this process runs
            secrets.create_secret(Name=name, SecretString=content)
        made = secrets.put_secret_value(SecretId=name, SecretString=content)
        template.learn(logical_id, made["ARN"])
