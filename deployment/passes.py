"""In which order a stage is deployed.

Whom the sign-in pages may send people back to is a parameter of the user pool's client. The address
of the inbox is known once its distribution is there, which needs the API, whose functions name the
client. So the first deployment of an inbox has two passes: one that makes the address, and one that
gives it to the client (docs/deployment.md).
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from local.console import say

if TYPE_CHECKING:
    from deployment.stages import Stage

NOT_KNOWN_YET: Final = "https://not-known-yet.invalid/inbox/"
"""In place of the inbox's address: a name that nobody can have (RFC 2606), so nobody goes there."""

_URL: Final = "InboxUrl"


class CannotDeploy(Exception):
    """Why a stage cannot be deployed, in one line."""


def deploy(
    stage: "Stage",
    page: Path | None,
    *,
    deploy_stack: Callable[[Mapping[str, str]], None],
    outputs_of: Callable[[], Mapping[str, str]],
    upload: Callable[[Path, str], None],
) -> Mapping[str, str]:
    """The outputs of the stack, once it is deployed and the page is in its bucket.

    `page` has the built files. Raises `CannotDeploy` where the stage has an inbox and there are
    none, and what the others raise.
    """
    if not stage.has_inbox:
        deploy_stack(stage.parameters)
        return outputs_of()
    if page is None:
        raise CannotDeploy("the stage has the inbox, which is not built")
    chosen = stage.parameters.get(_URL)
    known = chosen or outputs_of().get(_URL, NOT_KNOWN_YET)
    deploy_stack({**stage.parameters, _URL: known})
    outputs = outputs_of()
    if chosen is None and outputs[_URL] != known:
        say(f"the inbox is at {outputs[_URL]}: once more, so that people may sign in to it")
        deploy_stack({**stage.parameters, _URL: outputs[_URL]})
        outputs = outputs_of()
    upload(page, outputs["InboxBucketName"])
    return outputs
