package dev.belay.llm.check.judge;

import dev.belay.llm.ResponseFormat;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Cost;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Params;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Rating;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.check.ScoredValidator;
import dev.belay.llm.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ai_contradiction_check}: a judge looks for contradictions.
 *
 * @param text what is looked at; empty for the answer
 * @param leastCertainty how sure the judge must be for its contradictions to count, 0 to 1
 */
record ContradictionCheck(Court court, String text, String topic, double leastCertainty)
    implements ScoredValidator {
  private static final int LONGEST = 150_000;

  private static final ResponseFormat.JsonSchema FORM =
      new ResponseFormat.JsonSchema(
          "contradictions",
          (Json.Obj)
              Json.parse(
                  """
                  {"type": "object",
                   "required": ["contradictions_found", "certainty_of_findings",
                                "summary_of_findings", "queries_used", "key_insights"],
                   "properties": {
                     "contradictions_found": {"type": "boolean"},
                     "certainty_of_findings": {"type": "number", "minimum": 0, "maximum": 1},
                     "summary_of_findings": {"type": "string"},
                     "queries_used": {"type": "array", "items": {"type": "string"}},
                     "key_insights": {"type": "string"}}}
                  """),
          false);

  static ContradictionCheck of(AgentValidators agents, Params params) {
    String text = params.text("text_to_check", "");
    if (text.length() > LONGEST) {
      throw params.bad("text_to_check", "at most %d characters".formatted(LONGEST));
    }
    Court court =
        new Court(
            agents.judge(),
            agents.random(),
            agents.bench(params),
            FORM,
            agents.tools(params, List.of("perplexity-ask")));
    return new ContradictionCheck(
        court, text, params.text("topic_context", ""), params.number("min_certainty", 0.5, 0, 1));
  }

  @Override
  public String name() {
    return "ai_contradiction_check";
  }

  @Override
  public Cost cost() {
    return Cost.DEAR;
  }

  @Override
  public Rating rate(Answer answer, CheckContext context) throws InterruptedException {
    String checked = text.isEmpty() ? answer.text() : text;
    if (checked.isBlank()) {
      return new Rating(Finding.valid(answer), 1, 1);
    }
    if (checked.length() > LONGEST) {
      return new Rating(
          new Finding.Inconclusive(
              "the answer has %d characters, and %d can be judged"
                  .formatted(checked.length(), LONGEST),
              Remedy.HUMAN),
          0,
          0);
    }
    Map<String, String> exhibits = new LinkedHashMap<>();
    exhibits.put("TEXT_TO_CHECK", checked);
    if (!topic.isBlank()) {
      exhibits.put("TOPIC", topic);
    }
    String task =
        "Find out whether the text TEXT_TO_CHECK contradicts itself or what is known"
            + (topic.isBlank() ? "" : " about the text TOPIC")
            + ". Use your tools, if you have any, and name your queries.";
    return court.rate(new Court.Question(name(), task, exhibits), answer, context, this::read);
  }

  private Verdict.Given read(Json.Obj report) {
    boolean found = Report.flag(report, "contradictions_found");
    double certainty = Report.share(report, "certainty_of_findings");
    if (!found || certainty < leastCertainty) {
      return new Verdict.Given(List.of(), certainty);
    }
    String summary = Report.text(report, "summary_of_findings");
    return new Verdict.Given(
        List.of(
            Problem.of(
                    name(),
                    summary.isBlank() ? "the text contradicts itself" : summary,
                    "Correct what is contradicted.")
                .withDetail(Report.text(report, "key_insights"))),
        certainty);
  }
}
