"""Which calls of the clients for Camunda 7 work, each made unmodified by a program of its own.

The programs (`node/calls.js`, `java/*/*.java`) print what came of each call. `python -m
tests.clients.calls` runs them all and writes the tables of `docs/clients.md`; the tests compare.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

from benchmarks.pages import write_section
from local.service import LocalService
from local.settings import REPOSITORY
from tests.support.http import bearer, call
from tests.support.local_service import in_memory
from tests.support.npm_packages import Unavailable, installed

PAGE: Final = REPOSITORY / "docs" / "clients.md"
BASE_PATH: Final = "/engine-rest"

_HERE: Final = Path(__file__).parent
_CLASSPATH: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath"
_SECONDS_TO_FETCH: Final = 300
_SECONDS_TO_CALL: Final = 120
_WORKS: Final = "works"
_WRONG: Final = ("wrong", "the client", "5")
"""How outcomes start that no table may show: other answers, clients that fail, failures of ours."""

type Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Program:
    """A program that makes the calls of one client."""

    section: str
    """The name of its table's section in the page."""
    client: str
    run: Callable[[Environment], str]
    """Makes the calls and returns what was printed; raises `Unavailable` where it cannot run."""


def outcomes(program: Program, service: LocalService) -> str:
    """The program's table: what its client's calls come to.

    Raises `Unavailable` where the client or its language cannot be had, and `AssertionError` for
    an answer that is wrong.
    """
    printed = json.loads(program.run(_environment(service)))
    wrong = [each for each in printed["calls"] if each["outcome"].startswith(_WRONG)]
    assert not wrong, wrong
    return _table(printed["calls"], printed["apis"])


def _environment(service: LocalService) -> Environment:
    """Three tasks of a process instance that the program may change.

    The key of its definition is the first task's id.
    """
    name = f"task-{token_hex(6)}"
    process = {
        "id": f"instance-{name}",
        "definitionId": f"{name}:1:x",
        "definitionKey": name,
        "variables": {"amount": {"value": 30, "type": "Integer"}},
    }
    entries = [
        {
            "task": {
                "id": f"{name}{suffix}",
                "name": f"Approve{suffix}",
                "created": "2026-01-16T20:00:00.000+0000",
                "formKey": "embedded:app:forms/a.html",
            },
            "processInstance": process,
            "identityLinks": [{"type": "candidate", "groupId": "sales"}],
        }
        for suffix in ("", "-other", "-last")
    ]
    token = service.token("demo")
    url = service.url + BASE_PATH
    body = json.dumps({"tasks": entries}).encode()
    headers = {**bearer(token), "Content-Type": "application/json"}
    imported = call("POST", f"{url}/v1/import", body, headers)
    assert imported.json() == {"imported": 3, "skipped": 0}, imported.body
    return {
        "API": url,
        "TOKEN": token,
        "TASK": name,
        "OTHER": f"{name}-other",
        "LAST": f"{name}-last",
        "INSTANCE": str(process["id"]),
        "DEFINITION": str(process["definitionId"]),
    }


def _run_node(environment: Environment) -> str:
    packages = installed(_HERE / "node", REPOSITORY / ".local")
    more = {**environment, "NODE_PATH": str(packages)}
    return _output(["node", "--no-deprecation", str(_HERE / "node" / "calls.js")], more)


def _run_java(folder: str, main: str, environment: Environment) -> str:
    for tool in ("mvn", "javac", "java"):
        if shutil.which(tool) is None:
            raise Unavailable(f"{tool} is not installed")
    sources = _HERE / "java"
    with tempfile.TemporaryDirectory() as scratch:
        classpath = f"{scratch}:{_classpath(sources / folder, Path(scratch, 'classpath'))}"
        compile_all = ["javac", "-nowarn", "-d", scratch, "-cp", classpath]
        _output([*compile_all, str(sources / "Outcomes.java"), *_java_files(sources / folder)], {})
        return _output(["java", "-cp", classpath, main], environment)


def _java_files(folder: Path) -> list[str]:
    return [str(path) for path in sorted(folder.glob("*.java"))]


def _classpath(project: Path, written: Path) -> str:
    maven = ["mvn", "-q", "-B", "-f", str(project), _CLASSPATH, f"-Dmdep.outputFile={written}"]
    cache = os.environ.get("MAVEN_CACHE")
    if cache:
        maven.append(f"-Dmaven.repo.local={cache}")
    fetched = subprocess.run(maven, check=False, capture_output=True, timeout=_SECONDS_TO_FETCH)
    if fetched.returncode != 0:
        raise Unavailable("Maven could not fetch the client")
    return written.read_text(encoding="utf-8")


def _output(command: Sequence[str], environment: Environment) -> str:
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], "HOME": str(Path.home()), **environment},
        capture_output=True,
        text=True,
        timeout=_SECONDS_TO_CALL,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _table(calls: Sequence[Mapping[str, str]], apis: Mapping[str, Sequence[str]]) -> str:
    """A row for each class of the client of which something was called, one for all others."""
    rows = ["| Class | Works | Refused | Not tried |", "| --- | --- | --- | --- |"]
    called = dict.fromkeys(each["api"] for each in calls)
    for api in called:
        results = {each["call"]: each["outcome"] for each in calls if each["api"] == api}
        results |= {
            each["call"]: each["outcome"]
            for each in calls
            if each["api"] == api and each["outcome"] != _WORKS
        }
        works = [name for name, outcome in results.items() if outcome == _WORKS]
        refused = [f"{name} ({said})" for name, said in results.items() if said != _WORKS]
        rest = sorted(set(apis[api]) - set(results))
        rows.append(f"| `{api}` | {_listed(works)} | {_listed(refused)} | {_listed(rest)} |")
    others = sorted(set(apis) - set(called))
    if others:
        rows.append(f"| {_listed([f'`{each}`' for each in others])} | | | all |")
    return "\n".join(rows)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


PROGRAMS: Final = (
    Program("calls_npm", "@visaright/camunda-rest-client", _run_node),
    Program(
        "calls_openapi",
        "camunda-engine-rest-client-openapi-java",
        lambda environment: _run_java("openapi", "OpenApiCalls", environment),
    ),
    Program(
        "calls_spring",
        "camunda-platform-7-rest-client-spring-boot",
        lambda environment: _run_java("spring", "SpringCalls", environment),
    ),
)


def main() -> None:
    """Write the tables of all clients."""
    with in_memory(shell={"BASE_PATH": BASE_PATH}) as service:
        for program in PROGRAMS:
            write_section(PAGE, program.section, outcomes(program, service))


if __name__ == "__main__":
    main()
