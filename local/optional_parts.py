"""The parts of a deployment that are left out until a parameter asks for them.

Each has a parameter `With…`, because it costs money while nothing happens; some alarms take a topic
to notify. Locally they cost nothing, so all of them are there.
"""

from pathlib import Path
from typing import Final

from local.template import ACCOUNT, REGION, Template

_PREFIX: Final = "With"
_TOPIC: Final = "AlarmTopicArn"


def load_with_every_part(path: Path) -> Template:
    """The template in that file, its optional parts included; raises `CannotStart`."""
    template = Template.load(path)
    parts = [name for name in template.section("Parameters") if name.startswith(_PREFIX)]
    template.set_parameters(dict.fromkeys(parts, "true"))
    if _TOPIC in template.section("Parameters"):
        template.set_parameters({_TOPIC: f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"})
    return template
