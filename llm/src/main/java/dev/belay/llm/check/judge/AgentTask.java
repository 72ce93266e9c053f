package dev.belay.llm.check.judge;

import dev.belay.llm.ResponseFormat;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Cost;
import dev.belay.llm.check.Params;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Rating;
import dev.belay.llm.check.ScoredValidator;
import dev.belay.llm.json.Fence;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code agent_task}: a judge does a task with the answer and reports whether it passes. */
record AgentTask(Court court, Template prompt, Criteria criteria) implements ScoredValidator {
  private static final String TEXT = "TEXT_TO_VALIDATE";
  private static final String CODE = "CODE_TO_VALIDATE";
  private static final String QUESTION = "ORIGINAL_USER_PROMPT";

  private static final ResponseFormat.JsonSchema FORM =
      new ResponseFormat.JsonSchema(
          "verdict",
          (Json.Obj)
              Json.parse(
                  """
                  {"type": "object",
                   "required": ["validation_passed", "confidence", "reasoning", "details"],
                   "properties": {
                     "validation_passed": {"type": "boolean"},
                     "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                     "reasoning": {"type": "string"},
                     "details": {"type": ["object", "string", "null"]}}}
                  """),
          false);

  static AgentTask of(AgentValidators agents, Params params) {
    String name = params.has("task_prompt_to_claude") ? "task_prompt_to_claude" : "task_prompt";
    Template prompt;
    try {
      prompt = Template.of(params.text(name), Set.of(TEXT, CODE, QUESTION));
    } catch (IllegalArgumentException bad) {
      throw new IllegalArgumentException("agent_task: " + bad.getMessage(), bad);
    }
    Court court =
        new Court(
            agents.judge(),
            agents.random(),
            agents.bench(params),
            FORM,
            agents.tools(params, List.of()));
    return new AgentTask(court, prompt, Criteria.of(params));
  }

  @Override
  public String name() {
    return "agent_task";
  }

  @Override
  public Cost cost() {
    return Cost.DEAR;
  }

  @Override
  public Rating rate(Answer answer, CheckContext context) throws InterruptedException {
    Map<String, String> exhibits = new LinkedHashMap<>();
    Set<String> used = prompt.names().isEmpty() ? Set.of(TEXT) : prompt.names();
    for (String name : used) {
      exhibits.put(name, exhibit(name, answer));
    }
    Map<String, String> places =
        used.stream().collect(Collectors.toMap(name -> name, name -> "the text " + name));
    return court.rate(
        new Court.Question(name(), prompt.filled(places), exhibits), answer, context, this::read);
  }

  private static String exhibit(String name, Answer answer) {
    return switch (name) {
      case QUESTION -> answer.question();
      case CODE -> code(answer.text());
      default -> answer.text();
    };
  }

  /** The fenced blocks, or all if there is none. */
  private static String code(String text) {
    List<Fence> fences = Fence.in(text);
    return fences.isEmpty()
        ? text
        : fences.stream().map(fence -> fence.of(text)).collect(Collectors.joining("\n"));
  }

  private Verdict.Given read(Json.Obj report) {
    String given = Report.text(report, "reasoning");
    String reasoning = given.isEmpty() ? Report.text(report, "explanation") : given;
    List<Problem> problems = new ArrayList<>();
    if (!Report.flag(report, "validation_passed")) {
      problems.add(
          Problem.of(name(), reasoning.isBlank() ? "the judge is not satisfied" : reasoning));
    }
    for (String unmet : criteria.unmet(report, reasoning)) {
      problems.add(Problem.of(name(), unmet).withDetail(reasoning));
    }
    return new Verdict.Given(problems, Report.share(report, "confidence"));
  }
}
