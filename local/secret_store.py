"""The template's secrets on moto."""

from contextlib import suppress
from typing import Any

from local.template import Template


def make_secrets(template: Template, secrets: Any) -> None:
    """Every secret with its content; the template learns where each is."""
    for logical_id, node in template.resources("AWS::SecretsManager::Secret").items():
        name, content = template.physical_name(logical_id), template.resolve(node["SecretString"])
        with suppress(secrets.exceptions.ResourceExistsException):  # moto remembers while we live
            secrets.create_secret(Name=name, SecretString=content)
        made = secrets.put_secret_value(SecretId=name, SecretString=content)
        template.learn(logical_id, made["ARN"])
