package dev.belay.llm.transcript;

import dev.belay.Hint;
import dev.belay.http.RateAdvice.Again;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.correct.Stage;
import dev.belay.llm.form.AnswerForm;
import dev.belay.llm.form.Members;
import dev.belay.llm.form.RequestForm;
import dev.belay.llm.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads lines, strictly: what is not known is an error. */
final class LineReader {
  private static final LlmRequest NOBODY = LlmRequest.of("none", "");

  private LineReader() {}

  static TranscriptLine read(Json from) {
    Members in = new Members("line", from);
    String type = in.text("type");
    return switch (type) {
      case "call" -> call(in);
      case "attempt" -> attempt(only(in, true, "waited_ms", "waited_for"));
      case "failed" -> failed(in);
      case "answered" -> answered(in, from);
      case "checked" ->
          checked(only(in, false, "verdict", "problems", "remedy", "why", "repaired"));
      case "correction" -> correction(only(in, false, "stage", "pause_ms", "feedback_length"));
      case "truncated" -> {
        Members line = only(in, false, "why");
        yield new TranscriptLine.Truncated(Amounts.instant(line, "at"), line.text("why"));
      }
      case "end" -> end(in);
      default ->
          in.fail(
              "type",
              "be call, attempt, failed, answered, checked, correction, truncated or end, which are"
                  + " all that schema %d knows".formatted(TranscriptLine.SCHEMA));
    };
  }

  private static Members only(Members in, boolean placed, String... names) {
    Set<String> known = new HashSet<>(List.of(names));
    known.addAll(List.of("type", "at"));
    if (placed) {
      known.addAll(List.of("request", "attempt", "endpoint", "provider"));
    }
    return in.only(known);
  }

  private static Place place(Members in) {
    return new Place(
        in.small("request"), in.small("attempt"), in.text("endpoint"), in.text("provider"));
  }

  private static TranscriptLine call(Members in) {
    int schema = in.small("schema");
    if (schema != TranscriptLine.SCHEMA) {
      return in.fail(
          "schema",
          "be %d, was %d: %s"
              .formatted(
                  TranscriptLine.SCHEMA,
                  schema,
                  schema > TranscriptLine.SCHEMA
                      ? "a newer Belay wrote it, and only such a one can read it"
                      : "there is no such schema"));
    }
    Members line =
        only(
            in,
            false,
            "schema",
            "id",
            "route",
            "key",
            "tenant",
            "endpoints",
            "policy",
            "deadline_ms",
            "own_deadline",
            "corrections",
            "limits",
            "checks",
            "request");
    Json.Obj request = line.object("request");
    var unused = RequestForm.read(request); // fails here rather than in a replay
    return new TranscriptLine.Call(
        Amounts.instant(line, "at"),
        line.text("id"),
        new TranscriptLine.Origin(
            line.text("route"), line.text("key"), line.text("tenant"), line.texts("endpoints")),
        request,
        Json.of(line.list("checks", check -> check)),
        new CallTerms(
            line.text("policy"),
            Amounts.millis(line, "deadline_ms"),
            line.bool("own_deadline"),
            corrections(line.object("corrections")),
            limits(line.object("limits"))));
  }

  private static CorrectionRules corrections(Json from) {
    Members in =
        new Members("corrections", from)
            .only(
                Set.of("max_attempts", "tool_after", "model_after", "human_after", "same_answers"));
    return new CorrectionRules(
        in.small("max_attempts"),
        in.small("tool_after"),
        in.small("model_after"),
        in.small("human_after"),
        in.small("same_answers"));
  }

  private static BudgetLimits limits(Json from) {
    Members in =
        new Members("limits", from)
            .only(Set.of("attempts", "retries", "corrections", "tokens", "dollars"));
    return new BudgetLimits(
        in.small("attempts"),
        in.small("retries"),
        in.small("corrections"),
        in.count("tokens"),
        Amounts.dollars(in, "dollars"));
  }

  private static TranscriptLine attempt(Members in) {
    return new TranscriptLine.Attempt(
        Amounts.instant(in, "at"),
        place(in),
        Amounts.millis(in, "waited_ms"),
        in.oneOf("waited_for", WaitedFor.class));
  }

  private static TranscriptLine failed(Members from) {
    Members in =
        only(
            from,
            true,
            "kind",
            "status",
            "code",
            "message",
            "request_id",
            "again",
            "hint",
            "took_ms",
            "decision");
    ProviderError error =
        new ProviderError(
            in.oneOf("kind", ErrorKind.class),
            in.small("status"),
            in.text("code"),
            in.text("message"),
            in.text("request_id"),
            in.find("hint").map(LineReader::hint).orElse(Hint.NONE),
            in.oneOf("again", Again.class));
    return new TranscriptLine.Failed(
        Amounts.instant(in, "at"),
        place(in),
        error,
        Amounts.millis(in, "took_ms"),
        in.find("decision").map(DecisionForm::read));
  }

  private static Hint hint(Json from) {
    Members in = new Members("hint", from).only(Set.of("after_ms", "source", "raw"));
    var unused = in.text("source"); // for readers of the file; the raw word says it as well
    return new Hint(Amounts.millis(in, "after_ms"), in.text("raw"));
  }

  private static TranscriptLine answered(Members from, Json whole) {
    Members in =
        only(
            from,
            true,
            "text",
            "tool_calls",
            "refusal",
            "finish",
            "length",
            "usage",
            "dollars",
            "took_ms");
    Answer said = AnswerForm.read(whole, NOBODY);
    LlmResponse.Choice choice =
        new LlmResponse.Choice(said.text(), said.toolCalls(), said.refusal(), said.finish());
    return new TranscriptLine.Answered(
        Amounts.instant(in, "at"),
        place(in),
        new TranscriptLine.Said(choice, in.small("length")),
        usage(in.object("usage")),
        Amounts.dollars(in, "dollars"),
        Amounts.millis(in, "took_ms"));
  }

  private static Usage usage(Json from) {
    Members in = new Members("usage", from).only(Set.of("input", "output", "cached"));
    return new Usage(in.count("input"), in.count("output"), in.count("cached"));
  }

  private static TranscriptLine checked(Members in) {
    return new TranscriptLine.Checked(
        Amounts.instant(in, "at"),
        in.oneOf("verdict", TranscriptLine.Verdict.class),
        in.list("problems", AnswerForm::readProblem),
        in.find("remedy").isPresent()
            ? Optional.of(in.oneOf("remedy", Remedy.class))
            : Optional.empty(),
        in.text("why"),
        in.bool("repaired"));
  }

  private static TranscriptLine correction(Members in) {
    return new TranscriptLine.Correction(
        Amounts.instant(in, "at"),
        in.oneOf("stage", Stage.class),
        Amounts.millis(in, "pause_ms"),
        in.small("feedback_length"));
  }

  private static TranscriptLine end(Members from) {
    Members in =
        only(
            from,
            false,
            "outcome",
            "failure",
            "message",
            "attempts",
            "retries",
            "corrections",
            "usage",
            "dollars",
            "waited_ms",
            "took_ms");
    Spent spent =
        new Spent(
            in.small("attempts"),
            in.small("retries"),
            in.small("corrections"),
            usage(in.object("usage")),
            Amounts.dollars(in, "dollars"));
    return new TranscriptLine.End(
        Amounts.instant(in, "at"),
        ending(in),
        spent,
        Amounts.millis(in, "waited_ms"),
        Amounts.millis(in, "took_ms"));
  }

  private static Ending ending(Members in) {
    return switch (in.text("outcome")) {
      case "answered" -> Ending.ANSWERED;
      case "failed" ->
          in.text("failure").isEmpty()
              ? in.fail("failure", "name the class of the failure")
              : new Ending(in.text("failure"), in.text("message"));
      default -> in.fail("outcome", "be answered or failed");
    };
  }
}
