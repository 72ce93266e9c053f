package dev.belay.llm.transcript;

import dev.belay.Hint;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import dev.belay.llm.form.AnswerForm;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines as JSON, secrets included: what is kept of it goes through {@link Kept}. */
final class LineWriter {
  private LineWriter() {}

  static Json.Obj write(TranscriptLine line) {
    return switch (line) {
      case TranscriptLine.Call call -> call(call);
      case TranscriptLine.Attempt attempt ->
          place(begin("attempt", attempt.at()), attempt.place())
              .with("waited_ms", Amounts.millis(attempt.waited()))
              .with("waited_for", Json.of(Words.of(attempt.waitedFor())));
      case TranscriptLine.Failed failed -> failed(failed);
      case TranscriptLine.Answered answered -> answered(answered);
      case TranscriptLine.Checked checked -> checked(checked);
      case TranscriptLine.Correction correction ->
          begin("correction", correction.at())
              .with("stage", Json.of(Words.of(correction.stage())))
              .with("pause_ms", Amounts.millis(correction.pause()))
              .with("feedback_length", Json.of(correction.feedbackLength()));
      case TranscriptLine.Truncated truncated ->
          begin("truncated", truncated.at()).with("why", Json.of(truncated.why()));
      case TranscriptLine.End end -> end(end);
    };
  }

  private static Json.Obj begin(String type, Instant at) {
    return Json.EMPTY.with("type", Json.of(type)).with("at", Json.of(at.toString()));
  }

  private static Json.Obj place(Json.Obj line, Place place) {
    return line.with("request", Json.of(place.request()))
        .with("attempt", Json.of(place.attempt()))
        .with("endpoint", Json.of(place.endpoint()))
        .with("provider", Json.of(place.provider()));
  }

  private static Json.Obj call(TranscriptLine.Call call) {
    TranscriptLine.Origin origin = call.origin();
    return begin("call", call.at())
        .with("schema", Json.of(TranscriptLine.SCHEMA))
        .with("id", Json.of(call.id()))
        .with("route", Json.of(origin.route()))
        .with("key", Json.of(origin.key()))
        .with("tenant", Json.of(origin.tenant()))
        .with("endpoints", Json.of(origin.endpoints().stream().map(Json::of).toList()))
        .with("policy", Json.of(call.terms().policy()))
        .with("deadline_ms", Amounts.millis(call.terms().deadline()))
        .with("own_deadline", Json.of(call.terms().ownDeadline()))
        .with("corrections", corrections(call.terms().corrections()))
        .with("limits", limits(call.terms().limits()))
        .with("checks", call.checks())
        .with("request", call.request());
  }

  private static Json corrections(CorrectionRules rules) {
    return Json.EMPTY
        .with("max_attempts", Json.of(rules.maxAttempts()))
        .with("tool_after", Json.of(rules.toolAfter()))
        .with("model_after", Json.of(rules.modelAfter()))
        .with("human_after", Json.of(rules.humanAfter()))
        .with("same_answers", Json.of(rules.sameAnswers()));
  }

  private static Json limits(BudgetLimits limits) {
    return Json.EMPTY
        .with("attempts", Json.of(limits.attempts()))
        .with("retries", Json.of(limits.retries()))
        .with("corrections", Json.of(limits.corrections()))
        .with("tokens", Json.of(limits.tokens()))
        .with("dollars", Amounts.dollars(limits.dollars()));
  }

  private static Json.Obj failed(TranscriptLine.Failed failed) {
    ProviderError error = failed.error();
    Json.Obj line =
        place(begin("failed", failed.at()), failed.place())
            .with("kind", Json.of(Words.of(error.kind())))
            .with("status", Json.of(Math.max(0, error.status())))
            .with("code", Json.of(error.code()))
            .with("message", Json.of(error.message()))
            .with("request_id", Json.of(error.requestId()))
            .with("again", Json.of(Words.of(error.again())));
    if (!error.hint().equals(Hint.NONE)) {
      line = line.with("hint", hint(error.hint()));
    }
    line = line.with("took_ms", Amounts.millis(failed.took()));
    return failed.decision().isPresent()
        ? line.with("decision", DecisionForm.write(failed.decision().get()))
        : line;
  }

  /** A hint's source is {@code Retry-After: 20}: the name, and what stood there. */
  private static Json hint(Hint hint) {
    int colon = hint.source().indexOf(": ");
    return Json.EMPTY
        .with("after_ms", Amounts.millis(hint.after()))
        .with("source", Json.of(colon < 0 ? hint.source() : hint.source().substring(0, colon)))
        .with("raw", Json.of(hint.source()));
  }

  private static Json.Obj answered(TranscriptLine.Answered answered) {
    LlmResponse.Choice choice = answered.said().choice();
    Map<String, Json> line =
        new LinkedHashMap<>(place(begin("answered", answered.at()), answered.place()).members());
    line.putAll(AnswerForm.write(Answer.of(choice, LlmRequest.of("none", ""))).members());
    line.put("length", Json.of(answered.said().length()));
    line.put("usage", usage(answered.usage()));
    line.put("dollars", Amounts.dollars(answered.dollars()));
    line.put("took_ms", Amounts.millis(answered.took()));
    return new Json.Obj(line);
  }

  private static Json usage(Usage usage) {
    return Json.EMPTY
        .with("input", Json.of(usage.input()))
        .with("output", Json.of(usage.output()))
        .with("cached", Json.of(usage.cached()));
  }

  private static Json.Obj checked(TranscriptLine.Checked checked) {
    Json.Obj line =
        begin("checked", checked.at())
            .with("verdict", Json.of(Words.of(checked.verdict())))
            .with("problems", problems(checked.problems()));
    if (checked.remedy().isPresent()) {
      line = line.with("remedy", Json.of(Words.of(checked.remedy().get())));
    }
    return line.with("why", Json.of(checked.why())).with("repaired", Json.of(checked.repaired()));
  }

  private static Json problems(List<Problem> problems) {
    return Json.of(problems.stream().map(AnswerForm::write).toList());
  }

  private static Json.Obj end(TranscriptLine.End end) {
    Spent spent = end.spent();
    boolean answered = end.ending().isAnswered();
    Json.Obj line =
        begin("end", end.at()).with("outcome", Json.of(answered ? "answered" : "failed"));
    if (!answered) {
      line =
          line.with("failure", Json.of(end.ending().failure()))
              .with("message", Json.of(end.ending().message()));
    }
    return line.with("attempts", Json.of(spent.attempts()))
        .with("retries", Json.of(spent.retries()))
        .with("corrections", Json.of(spent.corrections()))
        .with("usage", usage(spent.usage()))
        .with("dollars", Amounts.dollars(spent.dollars()))
        .with("waited_ms", Amounts.millis(end.waited()))
        .with("took_ms", Amounts.millis(end.took()));
  }
}
