"""Prints the CloudFormation template that SAM makes of `template.yaml`, for cfn-lint to read.

Run by the interpreter of `.venv-sam`, which has SAM's translator, with AWS_DEFAULT_REGION set.
Some mistakes show only there: actions that IAM does not know, parameters that nothing uses.
"""

import json
import sys
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse  # type: ignore[import-not-found]
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

TOP = Path(__file__).parents[2]
TEMPLATE = TOP / "template.yaml"
sys.path.insert(0, str(TOP))  # SAM's environment does not have the project


def translated(template: dict[str, Any]) -> str:
    """The deployment in CloudFormation's own words, as JSON; its parameters stay open.

    The translator understands CORS only when it knows the value of a list, as it does in
    CloudFormation. Here lists are passed through unchanged.
    """
    parameters = template["Parameters"]
    lists = {
        name: [f"the list {name}"]
        for name, parameter in parameters.items()
        if parameter["Type"] == "CommaDelimitedList"
    }
    # Without defaults the translator leaves the uses of all the others as they are.
    template["Parameters"] = {
        name: {key: value for key, value in parameter.items() if key != "Default"}
        for name, parameter in parameters.items()
    }
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for location in {"CodeUri", "ContentUri"} & properties.keys():
            properties[location] = "s3://packaged/elsewhere"
    result = Translator({}, Parser()).translate(template, lists)
    text = json.dumps({**result, "Parameters": parameters})
    for name, value in lists.items():
        text = text.replace(json.dumps(value), json.dumps({"Ref": name}))
    return text


if __name__ == "__main__":
    from local.for_each import written_out

    template = written_out(yaml_parse(TEMPLATE.read_text()))
    # What is left is what the second transform reads.
    template["Transform"] = "AWS::Serverless-2016-10-31"
    sys.stdout.write(translated(template))
