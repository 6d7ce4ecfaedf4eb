"""`make deploy`: deploys a stage, and uploads the inbox where the stage has it."""

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import botocore.session
from botocore.exceptions import ClientError

from deployment.passes import CannotDeploy, deploy
from deployment.stages import Stage, stage_in
from deployment.upload import upload
from local.console import say
from local.inbox_build import built_inbox
from local.settings import REPOSITORY


def main(arguments: Sequence[str]) -> int:
    """Deploy; the exit code, 1 when something is missing or failed."""
    parser = argparse.ArgumentParser(prog="python -m deployment", description=__doc__)
    parser.add_argument("stage", help="a section of samconfig.toml, such as dev")
    parser.add_argument("--region", required=True)
    options = parser.parse_args(arguments)
    session = botocore.session.get_session()
    client = partial(session.create_client, region_name=options.region)
    try:
        stage = stage_in(REPOSITORY / "samconfig.toml", options.stage)
        page = built_inbox(REPOSITORY / "inbox") if stage.has_inbox else None
        outputs = deploy(
            stage,
            page,
            deploy_stack=partial(_deploy_stack, stage, options.region),
            outputs_of=partial(_outputs, client("cloudformation"), stage),
            upload=partial(upload, client("s3")),
        )
    except CannotDeploy as reason:
        say(f"cannot deploy: {reason}")
        return 1
    say("\n".join(f"{name}: {value}" for name, value in sorted(outputs.items())))
    return 0


def _deploy_stack(stage: Stage, region: str, parameters: Mapping[str, str]) -> None:
    sam = Path(sys.executable).parent / "sam"
    command: list[str | Path] = [sam, "deploy", "--config-env", stage.name, "--region", region]
    pairs = [f'{name}="{_escaped(value)}"' for name, value in parameters.items()]
    command += ["--parameter-overrides", *pairs]
    done = subprocess.run(command, cwd=REPOSITORY, check=False)
    if done.returncode:
        raise CannotDeploy(f"sam deploy ended with {done.returncode}")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _outputs(cloudformation: Any, stage: Stage) -> dict[str, str]:
    """The stack's outputs; none before it is there."""
    try:
        [stack] = cloudformation.describe_stacks(StackName=stage.stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return {}
        raise CannotDeploy(error.response["Error"]["Message"]) from None
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
