// Makes every call of camunda-engine-rest-client-openapi-java that is about tasks, filters, people,
// history and what is around a task, and prints which worked. The environment is that of
// ../../node/calls.js.

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.camunda.community.rest.client.api.*;
import org.camunda.community.rest.client.dto.*;
import org.camunda.community.rest.client.invoker.ApiClient;
import org.camunda.community.rest.client.invoker.ApiException;

public class OpenApiCalls {
  static final Map<String, String> SET = System.getenv();
  static final String TASK = SET.get("TASK");
  static final String INSTANCE = SET.get("INSTANCE");
  static final String DEFINITION = SET.get("DEFINITION");
  static final String NEW = TASK + "-new";
  static final String MADE = TASK + "-made";

  static final Outcomes SEEN = new Outcomes(OpenApiCalls::status);
  static final Map<String, String> KEPT = new LinkedHashMap<>();

  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.setBasePath(SET.get("API"));
    client.addDefaultHeader("Authorization", "Bearer " + SET.get("TOKEN"));
    client.setConnectTimeout((int) Duration.ofSeconds(10).toMillis());

    engine(new EngineApi(client), new VersionApi(client));
    tasks(new TaskApi(client));
    links(new TaskIdentityLinkApi(client));
    comments(new TaskCommentApi(client));
    attachments(new TaskAttachmentApi(client));
    variables(new TaskVariableApi(client));
    localVariables(new TaskLocalVariableApi(client));
    around(new ProcessInstanceApi(client), new ProcessDefinitionApi(client));
    variableInstances(new VariableInstanceApi(client));
    filters(new FilterApi(client));
    people(new UserApi(client), new GroupApi(client));
    rights(new IdentityApi(client), new TenantApi(client), new AuthorizationApi(client));
    ends(new TaskApi(client));
    history(new HistoricTaskInstanceApi(client), new HistoricUserOperationLogApi(client));
    historicVariables(new HistoricVariableInstanceApi(client));
    SEEN.print();
  }

  static String status(Exception reason) {
    int code = reason instanceof ApiException refused ? refused.getCode() : 0;
    return code == 0 ? null : String.valueOf(code);
  }

  static void engine(EngineApi engine, VersionApi version) {
    SEEN.answer(engine, "getProcessEngineNames", engine::getProcessEngineNames,
        names -> names.get(0).getName().equals("default"));
    SEEN.answer(version, "getRestAPIVersion", version::getRestAPIVersion,
        it -> it.getVersion().startsWith("7."));
  }

  static void tasks(TaskApi api) {
    TaskQueryDto both = new TaskQueryDto().taskIdIn(List.of(NEW, TASK))
        .addSortingItem(new TaskQueryDtoSortingInner()
            .sortBy(TaskQueryDtoSortingInner.SortByEnum.NAME)
            .sortOrder(TaskQueryDtoSortingInner.SortOrderEnum.ASC));
    SEEN.change(api, "createTask",
        () -> api.createTask(new TaskDto().id(NEW).name("Answer the letter")));
    SEEN.answer(api, "getTask",
        () -> api.getTask(NEW), it -> it.getName().equals("Answer the letter"));
    SEEN.wide(api, "getTasks", Map.of(), (List<TaskWithAttachmentAndCommentDto> found) ->
        found.stream().anyMatch(it -> NEW.equals(it.getId())));
    SEEN.wide(api, "getTasksCount", Map.of(), (CountResultDto it) -> it.getCount() >= 2);
    SEEN.answer(api, "queryTasks", () -> api.queryTasks(0, 5, both), found ->
        found.size() == 2 && found.get(0).getId().equals(NEW));
    SEEN.answer(api, "queryTasksCount", () -> api.queryTasksCount(both), it -> it.getCount() == 2);
    SEEN.answer(api, "getTaskCountByCandidateGroup", api::getTaskCountByCandidateGroup,
        it -> !it.isEmpty());
    SEEN.change(api, "claim", () -> api.claim(NEW, new UserIdDto().userId("demo")));
    SEEN.change(api, "unclaim", () -> api.unclaim(NEW));
    SEEN.change(api, "setAssignee", () -> api.setAssignee(NEW, new UserIdDto().userId("demo")));
    SEEN.change(api, "delegateTask", () -> api.delegateTask(NEW, new UserIdDto().userId("mary")));
    SEEN.change(api, "resolve", () -> api.resolve(NEW, completing("answer", "yes")));
    SEEN.change(api, "updateTask",
        () -> api.updateTask(NEW, new TaskDto().name("Answer it").priority(60)));
    SEEN.answer(api, "getForm", () -> api.getForm(TASK),
        it -> it.getKey().equals("embedded:app:forms/a.html"));
    SEEN.answer(api, "getFormVariables", () -> api.getFormVariables(TASK, "amount", null),
        it -> it.get("amount").getValue().equals(30));
    SEEN.answer(api, "getRenderedForm", () -> api.getRenderedForm(NEW), it -> true);
    SEEN.answer(api, "getDeployedForm", () -> api.getDeployedForm(NEW), it -> true);
    SEEN.change(api, "handleEscalation",
        () -> api.handleEscalation(NEW, new TaskEscalationDto().escalationCode("late")));
  }

  static void links(TaskIdentityLinkApi api) {
    IdentityLinkDto link = new IdentityLinkDto().groupId("sales").type("candidate");
    SEEN.change(api, "addIdentityLink", () -> api.addIdentityLink(NEW, link));
    SEEN.answer(api, "getIdentityLinks", () -> api.getIdentityLinks(NEW, "candidate"),
        it -> it.get(0).getGroupId().equals("sales"));
    SEEN.change(api, "deleteIdentityLink", () -> api.deleteIdentityLink(NEW, link));
  }

  static void comments(TaskCommentApi api) {
    SEEN.answer(api, "createComment",
        () -> api.createComment(NEW, new CommentDto().message("Who?")),
        it -> keep("comment", it.getId()) && it.getMessage().equals("Who?"));
    SEEN.answer(api, "getComments", () -> api.getComments(NEW),
        it -> it.get(0).getMessage().equals("Who?"));
    SEEN.answer(api, "getComment", () -> api.getComment(NEW, KEPT.get("comment")),
        it -> it.getUserId().equals("demo"));
    SEEN.change(api, "updateTaskComment", () -> api.updateTaskComment(NEW,
        new CommentDto().id(KEPT.get("comment")).message("Who is it?")));
    SEEN.change(api, "deleteTaskComment", () -> api.deleteTaskComment(NEW, KEPT.get("comment")));
    SEEN.change(api, "deleteTaskComments", () -> api.deleteTaskComments(NEW));
  }

  static void attachments(TaskAttachmentApi api) throws Exception {
    File letter = file("letter.txt", "Dear Sir");
    SEEN.answer(api, "addAttachment",
        () -> api.addAttachment(NEW, "letter", "from them", "text/plain", null, letter),
        it -> keep("attachment", it.getId()) && it.getName().equals("letter"));
    SEEN.answer(api, "getAttachments", () -> api.getAttachments(NEW), it -> it.size() == 1);
    SEEN.answer(api, "getAttachment", () -> api.getAttachment(NEW, KEPT.get("attachment")),
        it -> it.getDescription().equals("from them"));
    SEEN.answer(api, "getAttachmentData", () -> api.getAttachmentData(NEW, KEPT.get("attachment")),
        it -> read(it).equals("Dear Sir"));
    SEEN.change(api, "deleteAttachment", () -> api.deleteAttachment(NEW, KEPT.get("attachment")));
  }

  static void variables(TaskVariableApi api) throws Exception {
    File scan = file("scan.txt", "scan");
    SEEN.change(api, "putTaskVariable",
        () -> api.putTaskVariable(NEW, "weight", value(12, "Integer")));
    SEEN.answer(api, "getTaskVariable", () -> api.getTaskVariable(NEW, "weight", null),
        it -> it.getValue().equals(12));
    SEEN.change(api, "modifyTaskVariables", () -> api.modifyTaskVariables(NEW, acme()));
    SEEN.answer(api, "getTaskVariables", () -> api.getTaskVariables(NEW, null),
        it -> it.get("who").getValue().equals("ACME") && it.get("weight").getValue().equals(12));
    SEEN.change(api, "deleteTaskVariable", () -> api.deleteTaskVariable(NEW, "weight"));
    SEEN.change(api, "setBinaryTaskVariable",
        () -> api.setBinaryTaskVariable(NEW, "scan", scan, "Bytes"));
    SEEN.answer(api, "getTaskVariableBinary", () -> api.getTaskVariableBinary(NEW, "scan"),
        it -> read(it).equals("scan"));
  }

  static void localVariables(TaskLocalVariableApi api) throws Exception {
    File scan = file("scan.txt", "scan");
    SEEN.change(api, "putTaskLocalVariable",
        () -> api.putTaskLocalVariable(NEW, "weight", value(12, "Integer")));
    SEEN.answer(api, "getTaskLocalVariable", () -> api.getTaskLocalVariable(NEW, "weight", null),
        it -> it.getValue().equals(12));
    SEEN.change(api, "modifyTaskLocalVariables", () -> api.modifyTaskLocalVariables(NEW, acme()));
    SEEN.answer(api, "getTaskLocalVariables", () -> api.getTaskLocalVariables(NEW, null),
        it -> it.get("who").getValue().equals("ACME") && it.get("weight").getValue().equals(12));
    SEEN.change(api, "deleteTaskLocalVariable", () -> api.deleteTaskLocalVariable(NEW, "weight"));
    SEEN.change(api, "setBinaryTaskLocalVariable",
        () -> api.setBinaryTaskLocalVariable(NEW, "scan", scan, "Bytes"));
    SEEN.answer(api, "getTaskLocalVariableBinary",
        () -> api.getTaskLocalVariableBinary(NEW, "scan"),
        it -> read(it).equals("scan"));
  }

  static void around(ProcessInstanceApi instances, ProcessDefinitionApi definitions) {
    SEEN.answer(instances, "getProcessInstance", () -> instances.getProcessInstance(INSTANCE),
        it -> it.getDefinitionId().equals(DEFINITION));
    SEEN.answer(instances, "getProcessInstanceVariables",
        () -> instances.getProcessInstanceVariables(INSTANCE, null),
        it -> it.get("amount").getValue().equals(30));
    SEEN.answer(instances, "getProcessInstanceVariable",
        () -> instances.getProcessInstanceVariable(INSTANCE, "amount", null),
        it -> it.getType().equals("Integer"));
    SEEN.wide(instances, "getProcessInstances", Map.of(), (List<ProcessInstanceDto> found) ->
        found.stream().anyMatch(it -> INSTANCE.equals(it.getId())));
    SEEN.wide(instances, "getProcessInstancesCount", Map.of(),
        (CountResultDto it) -> it.getCount() >= 1);
    SEEN.change(instances, "setProcessInstanceVariable", () -> instances.setProcessInstanceVariable(
        INSTANCE, "paid", value(true, "Boolean")));
    SEEN.answer(definitions, "getProcessDefinition",
        () -> definitions.getProcessDefinition(DEFINITION),
        it -> it.getKey().equals(TASK));
    SEEN.answer(definitions, "getProcessDefinitionByKey",
        () -> definitions.getProcessDefinitionByKey(TASK),
        it -> it.getId().equals(DEFINITION));
    int key = 7;
    SEEN.wide(definitions, "getProcessDefinitions", Map.of(key, TASK),
        (List<ProcessDefinitionDto> found) -> found.get(0).getId().equals(DEFINITION));
    SEEN.wide(definitions, "getProcessDefinitionsCount", Map.of(key, TASK),
        (CountResultDto it) -> it.getCount() == 1);
  }

  static void variableInstances(VariableInstanceApi api) {
    VariableInstanceQueryDto query =
        new VariableInstanceQueryDto().processInstanceIdIn(List.of(INSTANCE));
    SEEN.answer(api, "queryVariableInstances",
        () -> api.queryVariableInstances(null, null, null, query),
        it -> keep("variable", it.get(0).getId()) && it.get(0).getName().equals("amount"));
    SEEN.answer(api, "queryVariableInstancesCount", () -> api.queryVariableInstancesCount(query),
        it -> it.getCount() == 1);
    SEEN.answer(api, "getVariableInstance",
        () -> api.getVariableInstance(KEPT.get("variable"), null),
        it -> it.getValue().equals(30));
  }

  static void filters(FilterApi api) {
    CreateFilterDto filter = new CreateFilterDto().name(NEW).resourceType("Task").owner("demo")
        .query(Map.of("taskIdIn", List.of(NEW, TASK))).properties(Map.of("color", "#123"));
    SEEN.answer(api, "createFilter",
        () -> api.createFilter(filter), it -> keep("filter", it.getId()));
    SEEN.answer(api, "getSingleFilter", () -> api.getSingleFilter(KEPT.get("filter"), true),
        it -> it.getName().equals(NEW) && it.getItemCount() == 2);
    SEEN.answer(api, "getFilterList",
        () -> api.getFilterList(null, null, NEW, null, null, null, null, null, null, null),
        it -> it.size() == 1);
    SEEN.answer(api, "getFilterCount", () -> api.getFilterCount(null, null, NEW, null, null),
        it -> it.getCount() == 1);
    SEEN.change(api, "updateFilter",
        () -> api.updateFilter(KEPT.get("filter"), filter.owner("demo")));
    SEEN.answer(api, "executeFilterList",
        () -> api.executeFilterList(KEPT.get("filter"), 0, 10), it -> it.size() == 2);
    SEEN.answer(api, "executeFilterCount", () -> api.executeFilterCount(KEPT.get("filter")),
        it -> it.getCount() == 2);
    Map<String, Object> extending = Map.of("name", "Answer it");
    SEEN.answer(api, "postExecuteFilterList",
        () -> api.postExecuteFilterList(KEPT.get("filter"), 0, 10, extending),
        it -> it.size() == 1);
    SEEN.answer(api, "postExecuteFilterCount",
        () -> api.postExecuteFilterCount(KEPT.get("filter"), extending), it -> it.getCount() == 1);
    SEEN.answer(api, "postExecuteFilterSingleResult",
        () -> api.postExecuteFilterSingleResult(KEPT.get("filter"), extending),
        it -> ((Map<?, ?>) it).get("id").equals(NEW));
    SEEN.answer(api, "executeFilterSingleResult",
        () -> api.executeFilterSingleResult(KEPT.get("filter")), it -> true);
    SEEN.answer(api, "filterResourceOptions",
        api::filterResourceOptions, it -> it.getLinks() != null);
    SEEN.answer(api, "filterResourceOptionsSingle",
        () -> api.filterResourceOptionsSingle(KEPT.get("filter")), it -> it.getLinks().size() > 2);
    SEEN.change(api, "deleteFilter", () -> api.deleteFilter(KEPT.get("filter")));
  }

  static void people(UserApi users, GroupApi groups) {
    SEEN.answer(users, "getUserProfile", () -> users.getUserProfile("mary"),
        it -> it.getId().equals("mary"));
    SEEN.wide(users, "getUsers", Map.of(), (List<UserProfileDto> found) -> found.size() > 1);
    SEEN.wide(users, "getUserCount", Map.of(), (CountResultDto it) -> it.getCount() > 1);
    SEEN.change(users, "createUser", () -> users.createUser(
        new UserDto().profile(new UserProfileDto().id("new"))));
    SEEN.wide(groups, "getQueryGroups", Map.of(), (List<GroupDto> found) -> found.size() > 1);
    SEEN.wide(groups, "getGroupCount", Map.of(), (CountResultDto it) -> it.getCount() > 1);
    GroupQueryDto sales = new GroupQueryDto().id("sales");
    SEEN.answer(groups, "postQueryGroups", () -> groups.postQueryGroups(null, null, sales),
        it -> it.size() == 1);
    SEEN.answer(groups, "queryGroupCount", () -> groups.queryGroupCount(sales),
        it -> it.getCount() == 1);
    SEEN.answer(groups, "getGroup",
        () -> groups.getGroup("sales"), it -> it.getId().equals("sales"));
  }

  static void rights(IdentityApi identity, TenantApi tenants, AuthorizationApi authorizations) {
    SEEN.answer(identity, "getGroupInfo", () -> identity.getGroupInfo("demo"),
        it -> it.getGroups().stream().anyMatch(group -> group.getId().equals("sales")));
    SEEN.answer(identity, "verifyUser", () -> identity.verifyUser(
        new BasicUserCredentialsDto().username("demo").password("demo")), it -> true);
    SEEN.answer(identity, "getPasswordPolicy", identity::getPasswordPolicy, it -> true);
    SEEN.wide(tenants, "queryTenants", Map.of(), (List<TenantDto> found) -> !found.isEmpty());
    SEEN.wide(tenants, "getTenantCount", Map.of(), (CountResultDto it) -> it.getCount() > 0);
    SEEN.wide(authorizations, "queryAuthorizations", Map.of(), (List<?> it) -> it.isEmpty());
    SEEN.wide(authorizations, "getAuthorizationCount", Map.of(),
        (CountResultDto it) -> it.getCount() == 0);
    SEEN.answer(authorizations, "isUserAuthorized",
        () -> authorizations.isUserAuthorized("READ", "filter", 5, null, null),
        it -> it.getAuthorized());
  }

  static void ends(TaskApi api) {
    SEEN.answer(api, "submit", () -> api.submit(TASK, completing("paid", "yes")), it -> true);
    SEEN.answer(api, "complete", () -> api.complete(NEW, completing("answer", "sent")), it -> true);
    SEEN.change(api, "createTask", () -> api.createTask(new TaskDto().id(MADE)));
    SEEN.change(api, "handleBpmnError",
        () -> api.handleBpmnError(MADE, new TaskBpmnErrorDto().errorCode("heavy")));
    SEEN.change(api, "deleteTask", () -> api.deleteTask(MADE));
  }

  static void history(HistoricTaskInstanceApi tasks, HistoricUserOperationLogApi log)
      throws Exception {
    HistoricTaskInstanceQueryDto query = new HistoricTaskInstanceQueryDto().taskId(NEW);
    SEEN.answer(tasks, "queryHistoricTaskInstances",
        () -> tasks.queryHistoricTaskInstances(null, null, query),
        it -> it.get(0).getDeleteReason().equals("completed") && it.get(0).getEndTime() != null);
    SEEN.answer(tasks, "queryHistoricTaskInstancesCount",
        () -> tasks.queryHistoricTaskInstancesCount(query), it -> it.getCount() == 1);
    SEEN.wide(tasks, "getHistoricTaskInstances", Map.of(), (List<HistoricTaskInstanceDto> found) ->
        found.stream().anyMatch(it -> MADE.equals(it.getId())));
    SEEN.wide(tasks, "getHistoricTaskInstancesCount", Map.of(),
        (CountResultDto it) -> it.getCount() >= 3);
    Thread.sleep(2000); // the log follows the change within a second or so
    int taskId = 8;
    SEEN.wide(log, "queryUserOperationEntries", Map.of(taskId, NEW),
        (List<UserOperationLogEntryDto> found) ->
            found.stream().anyMatch(it -> "Claim".equals(it.getOperationType())));
    SEEN.wide(log, "queryUserOperationCount", Map.of(taskId, NEW),
        (CountResultDto it) -> it.getCount() > 5);
  }

  static void historicVariables(HistoricVariableInstanceApi api) {
    HistoricVariableInstanceQueryDto query =
        new HistoricVariableInstanceQueryDto().taskIdIn(List.of(NEW));
    SEEN.answer(api, "queryHistoricVariableInstances",
        () -> api.queryHistoricVariableInstances(null, null, null, query),
        it -> it.stream().anyMatch(each -> each.getName().equals("who")));
    SEEN.answer(api, "queryHistoricVariableInstancesCount",
        () -> api.queryHistoricVariableInstancesCount(query), it -> it.getCount() > 0);
  }

  static CompleteTaskDto completing(String name, String text) {
    return new CompleteTaskDto().variables(Map.of(name, value(text, "String")));
  }

  static PatchVariablesDto acme() {
    return new PatchVariablesDto().modifications(Map.of("who", value("ACME", "String")));
  }

  static VariableValueDto value(Object value, String type) {
    return new VariableValueDto().value(value).type(type);
  }

  static File file(String name, String content) throws Exception {
    Path path = Files.createTempDirectory("calls").resolve(name);
    Files.writeString(path, content);
    return path.toFile();
  }

  static String read(File file) {
    try {
      return Files.readString(file.toPath());
    } catch (java.io.IOException reason) {
      return reason.toString();
    }
  }

  static boolean keep(String name, String id) {
    KEPT.put(name, id);
    return id != null;
  }
}
