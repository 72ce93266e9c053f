package dev.belay.llm.check;

import dev.belay.llm.Part;
import dev.belay.llm.Tool;
import dev.belay.llm.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code tool_call}: the model asks for tools that exist, with arguments that they take.
 *
 * @param least how many calls there must be
 * @param allowed names of tools; none for all in the request
 */
record ToolCallCheck(int least, int most, List<String> allowed) implements Validator {
  private static final int MOST_CALLS = 1000;
  private static final int MOST_ERRORS = 20;

  ToolCallCheck {
    allowed = List.copyOf(allowed);
  }

  static Validator of(Params params) {
    int least = params.whole("min_calls", 0, 0, MOST_CALLS);
    int most = params.whole("max_calls", MOST_CALLS, 0, MOST_CALLS);
    if (least > most) {
      throw params.bad("min_calls", "at most max_calls, which is " + most);
    }
    return new ToolCallCheck(least, most, params.textsOrNone("allowed"));
  }

  @Override
  public String name() {
    return "tool_call";
  }

  @Override
  public Cost cost() {
    return Cost.MODEST;
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    List<Problem> problems = new ArrayList<>();
    int calls = answer.toolCalls().size();
    if (calls < least || calls > most) {
      problems.add(
          Problem.of(
              name(),
              "the answer has %d tool calls, and must have %d to %d".formatted(calls, least, most),
              calls < least ? "Call a tool." : "Call fewer tools."));
    }
    for (Part.ToolCall call : answer.toolCalls()) {
      problems.addAll(problems(call, answer.request().tools()));
    }
    return Finding.of(answer, problems);
  }

  private List<Problem> problems(Part.ToolCall call, List<Tool> tools) {
    Optional<Tool> tool = tools.stream().filter(one -> one.name().equals(call.name())).findFirst();
    if (tool.isEmpty() || !(allowed.isEmpty() || allowed.contains(call.name()))) {
      String known =
          tools.stream()
              .map(Tool::name)
              .filter(name -> allowed.isEmpty() || allowed.contains(name))
              .collect(Collectors.joining(", "));
      return List.of(
          Problem.of(
              name(),
              "there is no tool '%s' to call".formatted(Texts.shortened(call.name())),
              known.isEmpty() ? "Call no tool." : "Call one of: " + known + "."));
    }
    try {
      return SchemaRules.of(tool.get().parameters(), Draft.AUTO, true, MOST_ERRORS)
          .problems(name(), call.parsed())
          .stream()
          .map(problem -> named(call, problem))
          .toList();
    } catch (JsonException broken) {
      return List.of(
          Problem.of(
              name(),
              "the arguments of '%s' are not JSON: %s".formatted(call.name(), broken.getMessage()),
              "Give them as one JSON object."));
    }
  }

  private static Problem named(Part.ToolCall call, Problem problem) {
    return new Problem(
        problem.validator(),
        "arguments of '%s': %s".formatted(call.name(), problem.message()),
        problem.pointer(),
        problem.suggestions(),
        problem.detail());
  }
}
