package dev.belay.llm.transcript;

import dev.belay.Hint;
import dev.belay.http.RateAdvice.Again;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Part;
import dev.belay.llm.ProviderError;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.correct.Stage;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.form.RequestForm;
import dev.belay.llm.json.AnyJson;
import dev.belay.llm.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Draws lines of every kind. */
final class AnyLine {
  private static final List<String> WORDS =
      List.of("", "a", "two words", "\"quoted\\\"", "line\nbreak", "ünï 🎈 \u2028", "{\"a\": 1}");

  private AnyLine() {}

  /** A whole call. */
  static Transcript transcript(RandomGenerator random) {
    List<TranscriptLine> lines = new ArrayList<>();
    lines.add(call(random));
    for (int i = random.nextInt(8); i > 0; i--) {
      lines.add(middle(random));
    }
    if (random.nextBoolean()) {
      lines.add(end(random));
    }
    return new Transcript(lines);
  }

  static TranscriptLine any(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> call(random);
      case 1 -> end(random);
      default -> middle(random);
    };
  }

  private static TranscriptLine call(RandomGenerator random) {
    LlmRequest request = LlmRequest.of("smart", word(random));
    return new TranscriptLine.Call(
        at(random),
        "%016x".formatted(random.nextLong()),
        new TranscriptLine.Origin(word(random), word(random), word(random), List.of(word(random))),
        RequestForm.write(request),
        Json.of(List.of(AnyJson.value(random))),
        new CallTerms(
            word(random),
            length(random).plusNanos(1),
            random.nextBoolean(),
            new CorrectionRules(random.nextInt(5, 9), random.nextInt(2), 3, 4, 0),
            BudgetLimits.NONE.withTokens(random.nextInt(1_000)).withDollars(dollars(random))));
  }

  private static TranscriptLine middle(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 ->
          new TranscriptLine.Attempt(
              at(random), place(random), length(random), one(WaitedFor.values(), random));
      case 1 ->
          new TranscriptLine.Failed(
              at(random),
              place(random),
              error(random),
              length(random),
              random.nextBoolean() ? Optional.empty() : Optional.of(decision(random)));
      case 2 ->
          new TranscriptLine.Answered(
              at(random),
              place(random),
              TranscriptLine.Said.of(response(random)),
              usage(random),
              dollars(random),
              length(random));
      case 3 -> checked(random);
      case 4 ->
          new TranscriptLine.Correction(
              at(random), one(Stage.values(), random), length(random), random.nextInt(1_000));
      default -> new TranscriptLine.Truncated(at(random), "bytes");
    };
  }

  private static TranscriptLine checked(RandomGenerator random) {
    TranscriptLine.Verdict verdict = one(TranscriptLine.Verdict.values(), random);
    return new TranscriptLine.Checked(
        at(random),
        verdict,
        List.of(new Problem("json", word(random), "/a", List.of(word(random)), word(random))),
        verdict == TranscriptLine.Verdict.VALID
            ? Optional.empty()
            : Optional.of(one(Remedy.values(), random)),
        word(random),
        random.nextBoolean());
  }

  private static TranscriptLine end(RandomGenerator random) {
    return new TranscriptLine.End(
        at(random),
        random.nextBoolean() ? Ending.ANSWERED : new Ending("ProviderFailed", word(random)),
        new Spent(random.nextInt(9), 1, 2, usage(random), dollars(random)),
        length(random),
        length(random));
  }

  private static Place place(RandomGenerator random) {
    return new Place(random.nextInt(1, 9), random.nextInt(1, 9), "openai/gpt", "openai");
  }

  private static ProviderError error(RandomGenerator random) {
    return new ProviderError(
        one(ErrorKind.values(), random),
        random.nextInt(600),
        word(random),
        word(random),
        word(random),
        random.nextBoolean() ? Hint.NONE : Hint.after(length(random), "Retry-After: 20"),
        one(Again.values(), random));
  }

  private static Decision decision(RandomGenerator random) {
    String why = word(random);
    return switch (random.nextInt(4)) {
      case 0 -> new Decision.Retry(length(random), why, at(random));
      case 1 -> new Decision.Fallback(why, Decision.UNKNOWN);
      case 2 -> new Decision.Park(why, at(random));
      default -> new Decision.Stop(one(Decision.Cause.values(), random), why, Decision.UNKNOWN);
    };
  }

  private static LlmResponse response(RandomGenerator random) {
    LlmResponse.Choice choice =
        new LlmResponse.Choice(
            word(random),
            List.of(new Part.ToolCall("1", "look", word(random))),
            word(random),
            one(Finish.values(), random));
    return new LlmResponse("", "", List.of(choice), usage(random), "");
  }

  private static Usage usage(RandomGenerator random) {
    return new Usage(random.nextInt(9_999), random.nextInt(9_999), random.nextInt(9));
  }

  private static double dollars(RandomGenerator random) {
    return random.nextInt(1_000_000) / 1e6;
  }

  private static Duration length(RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(1L << random.nextInt(1, 60)));
  }

  private static Instant at(RandomGenerator random) {
    return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
  }

  private static String word(RandomGenerator random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private static <T> T one(T[] values, RandomGenerator random) {
    return values[random.nextInt(values.length)];
  }
}
