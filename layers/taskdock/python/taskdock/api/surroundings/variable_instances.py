"""Variable instances, asked for and shown as Camunda 7 does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from taskdock.api.queries.values import FROM_JSON, FROM_TEXT, json_texts, text_texts
from taskdock.api.requests.list_order import ListOrder, read_order
from taskdock.api.requests.offset_pages import OffsetPage, read_offset_page
from taskdock.api.requests.property_values import json_flag, json_text, refuse, text_flag
from taskdock.domain.query.criteria import Kind
from taskdock.domain.query.like import like
from taskdock.domain.query.operands import Switches, VariableCondition
from taskdock.domain.query.variable_conditions import variable_test
from taskdock.domain.tasks.task import Variable
from taskdock.domain.variables.instances import VariableInstance
from taskdock.domain.variables.scopes import Holder
from taskdock.domain.variables.values import to_api

type Json = dict[str, Any]
type _Test = Callable[[VariableInstance], bool]

ORDERS: Final = ("variableName", "variableType", "activityInstanceId", "tenantId")
"""What runtime variables are sorted by."""

HISTORIC_ORDERS: Final = ("instanceId", "variableName", "variableType", "tenantId")

_NO_CONTENT: Final = frozenset({"Bytes", "File"})
_LISTS: Final = (
    "taskIdIn", "processInstanceIdIn", "caseInstanceIdIn", "variableScopeIn", "executionIdIn",
    "activityInstanceIdIn", "tenantIdIn", "variableNameIn", "variableTypeIn",
)  # fmt: skip
_TEXTS: Final = (
    "variableName", "variableNameLike", "processInstanceId", "caseInstanceId",
)  # fmt: skip
_FLAGS: Final = ("includeDeleted", "variableNamesIgnoreCase", "variableValuesIgnoreCase")


@dataclass(frozen=True, slots=True)
class VariableSearch:
    """Which variable instances are looked for."""

    lists: Mapping[str, tuple[str, ...]]
    tests: tuple[_Test, ...]
    flags: frozenset[str]
    order: ListOrder
    page: OffsetPage = field(default_factory=lambda: read_offset_page({}))

    def found(self, instances: list[VariableInstance]) -> list[VariableInstance]:
        """Those that meet all conditions, in order."""
        left = [each for each in instances if all(test(each) for test in self.tests)]
        return self.order.sorted(left, _sort_value, lambda each: each.place.id)


def read_search(
    given: Mapping[str, Any],
    parameters: Mapping[str, str],
    orders: tuple[str, ...],
    *,
    of_body: bool,
) -> VariableSearch:
    """The search that a body, or a query string, asks for; raises `InvalidRequest`."""
    texts_in = json_texts if of_body else text_texts
    flag_in: Callable[[Any, str], bool | None] = json_flag if of_body else text_flag
    lists: dict[str, tuple[str, ...]] = {}
    for name in _LISTS:
        listed = texts_in(given[name], name) if given.get(name) is not None else None
        if listed is not None:
            lists[name] = listed
    texts = {
        name: text for name in _TEXTS if (text := json_text(given.get(name), name)) is not None
    }
    for single in ("processInstanceId", "caseInstanceId"):
        if single in texts:
            lists[f"{single}In"] = _both(lists.get(f"{single}In"), texts[single])
    flags = frozenset(
        name for name in _FLAGS if given.get(name) is not None and flag_in(given[name], name)
    )
    switches = Switches(
        names_ignore_case="variableNamesIgnoreCase" in flags,
        values_ignore_case="variableValuesIgnoreCase" in flags,
    )
    conditions = _conditions(given, of_body=of_body)
    tests = [
        *_list_tests(lists),
        *_text_tests(texts, switches),
        *_value_tests(conditions, switches),
    ]
    if "variableValue" in given and "variableName" in texts:
        tests.append(_equal_test(given["variableValue"], switches))
    order = read_order(given, orders)
    return VariableSearch(lists, tuple(tests), flags, order, read_offset_page(parameters))


def _both(listed: tuple[str, ...] | None, single: str) -> tuple[str, ...]:
    return (single,) if listed is None or single in listed else ()


def _conditions(given: Mapping[str, Any], *, of_body: bool) -> Any:
    value = given.get("variableValues")
    if value is None:
        return ()
    readers = FROM_JSON if of_body else FROM_TEXT
    return readers[Kind.TASK_VARIABLES](value, "variableValues") or ()


def _list_tests(lists: Mapping[str, tuple[str, ...]]) -> list[_Test]:
    values: Mapping[str, Callable[[VariableInstance], object]] = {
        "taskIdIn": lambda each: each.task_id,
        "processInstanceIdIn": _process_instance,
        "caseInstanceIdIn": _case_instance,
        "variableScopeIn": lambda each: each.place.scope_id,
        "executionIdIn": _execution,
        "activityInstanceIdIn": _activity_instance,
        "tenantIdIn": lambda each: each.task.get("tenantId"),
        "variableNameIn": lambda each: each.place.name,
        "variableTypeIn": lambda each: each.variable["type"].lower(),
    }
    return [_within(values[name], frozenset(wanted)) for name, wanted in lists.items()]


def _within(value: Callable[[VariableInstance], object], wanted: frozenset[str]) -> _Test:
    return lambda each: value(each) in wanted


def _text_tests(texts: Mapping[str, str], switches: Switches) -> list[_Test]:
    tests: list[_Test] = []
    if "variableName" in texts:
        tests.append(_name_test(texts["variableName"], switches))
    if "variableNameLike" in texts:
        matches = like(texts["variableNameLike"], ignoring_case=switches.names_ignore_case)
        tests.append(lambda each: matches(each.place.name))
    return tests


def _name_test(name: str, switches: Switches) -> _Test:
    if switches.names_ignore_case:
        return lambda each: each.place.name.upper() == name.upper()
    return lambda each: each.place.name == name


def _value_tests(conditions: Any, switches: Switches) -> list[_Test]:
    """Tests of name and value: an instance has to meet one of the conditions on its name."""

    def of(condition: Any) -> _Test:
        named, meets = _name_test(condition.name, switches), variable_test(condition, switches)
        return lambda each: named(each) and meets(each.variable)

    return [of(condition) for condition in conditions]


def _equal_test(value: object, switches: Switches) -> _Test:
    if isinstance(value, dict | list):
        raise refuse("variableValue", "a string, number, boolean or null", value)
    meets = variable_test(VariableCondition("", "eq", value), switches)  # type: ignore[arg-type]
    return lambda each: meets(each.variable)


def _sort_value(each: VariableInstance, by: str) -> str | None:
    match by:
        case "variableName":
            return each.place.name
        case "variableType":
            return each.variable["type"].lower()
        case "tenantId":
            return each.task.get("tenantId")
        case "instanceId":
            return each.task.get("processInstanceId")
        case _:
            return _activity_instance(each)


def variable_instance_json(each: VariableInstance, *, deserialized: bool) -> Json:
    """A variable that is there now."""
    of_process, of_case = _around(each)
    return {
        **_value(each.variable, deserialized=deserialized),
        "id": each.place.id,
        "name": each.place.name,
        "processDefinitionId": each.task.get("processDefinitionId") if of_process else None,
        "processInstanceId": _process_instance(each),
        "executionId": _execution(each),
        "caseInstanceId": _case_instance(each),
        "caseExecutionId": each.task.get("caseExecutionId") if of_case else None,
        "taskId": each.task_id,
        "batchId": None,
        "activityInstanceId": _activity_instance(each),
        "errorMessage": None,
        "tenantId": each.task.get("tenantId"),
    }


def _value(variable: Variable, *, deserialized: bool) -> Json:
    shown = to_api(variable, deserialized=deserialized)
    return {**shown, "value": None} if variable["type"] in _NO_CONTENT else shown


def _around(each: VariableInstance) -> tuple[bool, bool]:
    """Whether the variable belongs to a process, and to a case."""
    holder = each.place.holder
    return holder is not Holder.CASE_INSTANCE, holder is not Holder.PROCESS_INSTANCE


def _process_instance(each: VariableInstance) -> str | None:
    return each.task.get("processInstanceId") if _around(each)[0] else None


def _case_instance(each: VariableInstance) -> str | None:
    return each.task.get("caseInstanceId") if _around(each)[1] else None


def _execution(each: VariableInstance) -> str | None:
    match each.place.holder:
        case Holder.PROCESS_INSTANCE:
            return each.place.scope_id
        case Holder.TASK:
            return each.task.get("executionId")
        case _:
            return None


def _activity_instance(each: VariableInstance) -> str | None:
    if each.place.holder is Holder.TASK:
        return each.task.get("activityInstanceId")
    return each.place.scope_id
