"""The template's secrets on moto."""

from typing import Any

from local.template import Template


def make_secrets(template: Template, secrets: Any) -> None:
    """Every secret with its content; the template learns where each is."""
    for logical_id, node in template.resources("AWS::SecretsManager::Secret").items():
        made = secrets.create_secret(
            Name=template.physical_name(logical_id),
            SecretString=template.resolve(node["SecretString"]),
        )
        template.learn(logical_id, made["ARN"])
