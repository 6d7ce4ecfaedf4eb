// What came of calls, for the programs beside it: what they print is what ../node/calls.js prints,
// {"calls": [{api, call, outcome}], "apis": {api: [call]}}.

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;

class Outcomes {
  private static final int LONGEST = 300;

  private final List<String> calls = new ArrayList<>();
  private final Map<String, Class<?>> apis = new LinkedHashMap<>();
  private final Function<Exception, String> status;

  /** `status` says the status of a refusal, or null where the client failed by itself. */
  Outcomes(Function<Exception, String> status) {
    this.status = status;
  }

  /** A call that answers nothing. */
  interface Change {
    void make() throws Exception;
  }

  void change(Object api, String call, Change change) {
    answer(api, call, () -> {
      change.make();
      return true;
    }, it -> true);
  }

  /** A call with more parameters than anybody writes down: those at the named places are given. */
  <T> void wide(Object api, String call, Map<Integer, Object> given, Predicate<T> right) {
    Method method = Arrays.stream(api.getClass().getMethods())
        .filter(it -> it.getName().equals(call))
        .min((one, other) -> one.getParameterCount() - other.getParameterCount()).orElseThrow();
    Object[] arguments = new Object[method.getParameterCount()];
    given.forEach((place, value) -> arguments[place] = value);
    answer(api, call, () -> {
      try {
        @SuppressWarnings("unchecked")
        T found = (T) method.invoke(api, arguments);
        return found;
      } catch (InvocationTargetException reason) {
        throw (Exception) reason.getCause();
      }
    }, right);
  }

  /** A call whose answer is right where the test says so. */
  <T> void answer(Object api, String call, Callable<T> made, Predicate<T> right) {
    String name = api.getClass().getSimpleName();
    apis.put(name, api.getClass());
    String outcome;
    try {
      T found = made.call();
      outcome = right.test(found) ? "works" : "wrong: " + found;
    } catch (Exception reason) {
      String refusal = status.apply(reason);
      outcome = refusal == null ? "the client: " + reason : refusal;
    }
    calls.add("{\"api\":" + quoted(name) + ",\"call\":" + quoted(call)
        + ",\"outcome\":" + quoted(outcome) + "}");
  }

  /** Prints all outcomes, and every call that each of the called classes declares. */
  void print() {
    List<String> all = new ArrayList<>();
    apis.forEach((name, api) -> {
      TreeSet<String> declared = new TreeSet<>();
      for (Method method : api.getDeclaredMethods()) {
        boolean open = Modifier.isPublic(method.getModifiers()) && !method.isSynthetic();
        if (open && !method.getName().equals("invokeAPI")) declared.add(quoted(method.getName()));
      }
      all.add(quoted(name) + ":" + declared);
    });
    System.out.println("{\"calls\":" + calls + ",\"apis\":{" + String.join(",", all) + "}}");
  }

  private static String quoted(String text) {
    String plain = text.replaceAll("[\\p{Cntrl}\"\\\\]", " ");
    return '"' + plain.substring(0, Math.min(LONGEST, plain.length())) + '"';
  }
}
