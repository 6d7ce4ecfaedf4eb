// Makes the calls of camunda-platform-7-rest-client-spring-boot, which gives Camunda's Java
// services over HTTP, and prints which worked. The environment is that of ../../node/calls.js, with
// two more tasks of the same process instance (OTHER, LAST).

import feign.FeignException;
import feign.RequestInterceptor;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.camunda.bpm.engine.variable.value.StringValue;
import org.camunda.community.rest.EnableCamundaRestClient;
import org.camunda.community.rest.exception.RemoteProcessEngineException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

@EnableAutoConfiguration
@EnableCamundaRestClient
public class SpringCalls {
  static final String TASK = System.getenv("TASK");
  static final String OTHER = System.getenv("OTHER");
  static final String LAST = System.getenv("LAST");
  static final String INSTANCE = System.getenv("INSTANCE");
  static final String DEFINITION = System.getenv("DEFINITION");

  static final Outcomes SEEN = new Outcomes(SpringCalls::status);

  @Bean
  public RequestInterceptor token() {
    return request -> request.header("Authorization", "Bearer " + System.getenv("TOKEN"));
  }

  public static void main(String[] arguments) {
    try (ConfigurableApplicationContext spring = new SpringApplicationBuilder(SpringCalls.class)
        .web(WebApplicationType.NONE)
        .run("--spring.main.banner-mode=off", "--logging.level.root=off",
            "--feign.client.config.default.url=" + System.getenv("API"))) {
      TaskService tasks = spring.getBean(TaskService.class);
      queries(tasks);
      people(tasks);
      variables(tasks);
      localVariables(tasks);
      around(spring.getBean(RuntimeService.class), spring.getBean(RepositoryService.class));
      ends(tasks);
    }
    SEEN.print();
  }

  static String status(Exception reason) {
    for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
      if (cause instanceof FeignException refused) return String.valueOf(refused.status());
      if (cause instanceof RemoteProcessEngineException) return "refused"; // without its status
    }
    return null;
  }

  static void queries(TaskService api) {
    SEEN.answer(api, "createTaskQuery", () -> api.createTaskQuery()
        .taskIdIn(TASK, OTHER).orderByTaskName().asc().list(),
        found -> found.size() == 2 && found.get(0).getId().equals(TASK));
    SEEN.answer(api, "createTaskQuery", () -> api.createTaskQuery()
        .processInstanceId(INSTANCE).processVariableValueEquals("amount", 30).count(),
        found -> found == 3);
    SEEN.answer(api, "createTaskQuery", () -> api.createTaskQuery()
        .taskCandidateGroup("sales").taskId(TASK).singleResult(),
        found -> found.getName().equals("Approve"));
    SEEN.answer(api, "createTaskQuery", () -> api.createTaskQuery()
        .taskIdIn(TASK, OTHER).orderByTaskPriority().desc().listPage(1, 1),
        found -> found.size() == 1);
  }

  static void people(TaskService api) {
    SEEN.change(api, "claim", () -> api.claim(TASK, "demo"));
    SEEN.change(api, "delegateTask", () -> api.delegateTask(TASK, "mary"));
    SEEN.change(api, "resolveTask", () -> api.resolveTask(TASK, Map.of("answer", "yes")));
    SEEN.change(api, "setAssignee", () -> api.setAssignee(TASK, "demo"));
    SEEN.change(api, "setOwner", () -> api.setOwner(TASK, "john"));
    SEEN.change(api, "setPriority", () -> api.setPriority(TASK, 60));
    SEEN.change(api, "saveTask", () -> {
      Task task = api.createTaskQuery().taskId(TASK).singleResult();
      task.setName("Approve it");
      api.saveTask(task);
    });
    SEEN.change(api, "addCandidateUser", () -> api.addCandidateUser(TASK, "mary"));
    SEEN.change(api, "addCandidateGroup", () -> api.addCandidateGroup(TASK, "support"));
    SEEN.answer(api, "getIdentityLinksForTask", () -> api.getIdentityLinksForTask(TASK),
        found -> found.stream().anyMatch(it -> "support".equals(it.getGroupId())));
    SEEN.change(api, "deleteCandidateUser", () -> api.deleteCandidateUser(TASK, "mary"));
    SEEN.change(api, "deleteCandidateGroup", () -> api.deleteCandidateGroup(TASK, "support"));
    SEEN.change(api, "addUserIdentityLink",
        () -> api.addUserIdentityLink(TASK, "peter", "reader"));
    SEEN.change(api, "deleteUserIdentityLink",
        () -> api.deleteUserIdentityLink(TASK, "peter", "reader"));
    SEEN.change(api, "addGroupIdentityLink",
        () -> api.addGroupIdentityLink(TASK, "support", "reader"));
    SEEN.change(api, "deleteGroupIdentityLink",
        () -> api.deleteGroupIdentityLink(TASK, "support", "reader"));
    SEEN.answer(api, "createTaskQuery", () -> api.createTaskQuery()
        .taskAssignee("demo").taskOwner("john").taskPriority(60).taskId(TASK).singleResult(),
        found -> found.getName().equals("Approve it"));
  }

  static void variables(TaskService api) {
    SEEN.change(api, "setVariable", () -> api.setVariable(TASK, "weight", 12));
    SEEN.answer(api, "getVariable", () -> api.getVariable(TASK, "weight"), it -> it.equals(12));
    SEEN.change(api, "setVariables", () -> api.setVariables(TASK, Map.of("who", "ACME")));
    SEEN.answer(api, "getVariables", () -> api.getVariables(TASK),
        it -> it.get("who").equals("ACME") && it.get("amount").equals(30));
    SEEN.answer(api, "getVariableTyped", () -> api.<StringValue>getVariableTyped(TASK, "who"),
        it -> it.getValue().equals("ACME"));
    SEEN.answer(api, "getVariablesTyped", () -> api.getVariablesTyped(TASK),
        it -> it.getValueTyped("weight").getValue().equals(12));
    SEEN.change(api, "removeVariable", () -> api.removeVariable(TASK, "weight"));
    SEEN.change(api, "removeVariables", () -> api.removeVariables(TASK, List.of("who")));
  }

  static void localVariables(TaskService api) {
    SEEN.change(api, "setVariableLocal", () -> api.setVariableLocal(TASK, "weight", 12));
    SEEN.answer(api, "getVariableLocal", () -> api.getVariableLocal(TASK, "weight"),
        it -> it.equals(12));
    SEEN.change(api, "setVariablesLocal",
        () -> api.setVariablesLocal(TASK, Map.of("who", "ACME")));
    SEEN.answer(api, "getVariablesLocal", () -> api.getVariablesLocal(TASK),
        it -> it.equals(Map.of("weight", 12, "who", "ACME")));
    SEEN.answer(api, "getVariableLocalTyped",
        () -> api.<StringValue>getVariableLocalTyped(TASK, "who"),
        it -> it.getValue().equals("ACME"));
    SEEN.answer(api, "getVariablesLocalTyped", () -> api.getVariablesLocalTyped(TASK),
        it -> it.size() == 2);
    SEEN.change(api, "removeVariableLocal", () -> api.removeVariableLocal(TASK, "weight"));
    SEEN.change(api, "removeVariablesLocal",
        () -> api.removeVariablesLocal(TASK, List.of("who")));
  }

  static void around(RuntimeService runtime, RepositoryService repository) {
    SEEN.answer(runtime, "getVariables", () -> runtime.getVariables(INSTANCE),
        it -> it.get("amount").equals(30));
    SEEN.answer(runtime, "createProcessInstanceQuery",
        () -> runtime.createProcessInstanceQuery().processInstanceId(INSTANCE).list(),
        it -> it.size() == 1);
    SEEN.answer(repository, "createProcessDefinitionQuery",
        () -> repository.createProcessDefinitionQuery().processDefinitionKey(TASK).list(),
        it -> it.get(0).getId().equals(DEFINITION));
  }

  static void ends(TaskService api) {
    SEEN.change(api, "handleEscalation", () -> api.handleEscalation(OTHER, "late"));
    SEEN.change(api, "handleBpmnError", () -> api.handleBpmnError(OTHER, "heavy"));
    SEEN.change(api, "complete", () -> api.complete(TASK, Map.of("answer", "sent")));
    SEEN.answer(api, "createTaskQuery", () -> api.createTaskQuery().taskId(TASK).count(),
        found -> found == 0);
    SEEN.change(api, "deleteTask", () -> api.deleteTask(LAST));
  }
}
