"""The parts of a deployment that are left out until a parameter asks for them.

Each has a parameter `With…`, because it costs money while nothing happens. Locally they cost
nothing, so all of them are there.
"""

from pathlib import Path
from typing import Final

from local.template import Template

_PREFIX: Final = "With"


def load_with_every_part(path: Path) -> Template:
    """The template in that file, its optional parts included; raises `CannotStart`."""
    template = Template.load(path)
    parts = [name for name in template.section("Parameters") if name.startswith(_PREFIX)]
    template.set_parameters(dict.fromkeys(parts, "true"))
    return template
