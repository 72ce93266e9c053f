package dev.belay.llm.transcript.replay;

import dev.belay.Hint;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.form.RequestForm;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.CallTerms;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transcript.Place;
import dev.belay.llm.transcript.Sample;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.TranscriptLine;
import dev.belay.llm.transcript.TranscriptLine.Verdict;
import dev.belay.llm.transcript.WaitedFor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what happened in a call, line by line; an attempt takes a second. */
final class Past {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<TranscriptLine> lines = new ArrayList<>();
  private Instant now = BEGIN;
  private int request = 1;
  private int attempt;
  private Place place = new Place(1, 1, "a/m", "a");

  private Past(CallTerms terms, List<String> endpoints) {
    lines.add(
        new TranscriptLine.Call(
            BEGIN,
            "0123456789abcdef",
            new TranscriptLine.Origin("smart", "", "", endpoints),
            RequestForm.write(LlmRequest.of("smart", "Why?")),
            Json.of(List.of()),
            terms));
  }

  static Past of(CallTerms terms) {
    return new Past(terms, List.of());
  }

  static Past call() {
    return of(Sample.TERMS);
  }

  static Past callTo(String... endpoints) {
    return new Past(Sample.TERMS, List.of(endpoints));
  }

  Instant now() {
    return now;
  }

  Past attempt(String endpoint, Duration waited, WaitedFor waitedFor) {
    now = now.plus(waited);
    place = new Place(request, ++attempt, endpoint, endpoint.substring(0, endpoint.indexOf('/')));
    lines.add(new TranscriptLine.Attempt(now, place, waited, waitedFor));
    return this;
  }

  Past attempt(Duration waited) {
    return attempt("a/m", waited, waited.isZero() ? WaitedFor.NOTHING : WaitedFor.BACKOFF);
  }

  /** Decided as the last line says: a wait of so long. */
  Past failed(ErrorKind kind, Hint hint, Optional<Decision> decision) {
    now = now.plus(SECOND);
    ProviderError error = new ProviderError(kind, 429, "", "no", "", hint);
    lines.add(new TranscriptLine.Failed(now, place, error, SECOND, decision));
    return this;
  }

  Past retried(ErrorKind kind, Duration after) {
    return failed(kind, Hint.NONE, Optional.of(new Decision.Retry(after, "backoff", now)));
  }

  Past stopped(ErrorKind kind) {
    return failed(
        kind,
        Hint.NONE,
        Optional.of(
            new Decision.Stop(Decision.Cause.NOT_RETRYABLE, "of no use", Decision.UNKNOWN)));
  }

  Past answered(String text, int length, double dollars) {
    return answered(text, length, dollars, Finish.STOP);
  }

  Past answered(String text, int length, double dollars, Finish finish) {
    now = now.plus(SECOND);
    LlmResponse.Choice choice = new LlmResponse.Choice(text, List.of(), "", finish);
    lines.add(
        new TranscriptLine.Answered(
            now,
            place,
            new TranscriptLine.Said(choice, length),
            new Usage(10, 5, 0),
            dollars,
            SECOND));
    return this;
  }

  Past answered(String text) {
    return answered(text, text.length(), 0.25);
  }

  Past valid() {
    lines.add(
        new TranscriptLine.Checked(now, Verdict.VALID, List.of(), Optional.empty(), "", false));
    return this;
  }

  /** And asked again at once. */
  Past invalid(String message) {
    lines.add(
        new TranscriptLine.Checked(
            now,
            Verdict.INVALID,
            List.of(Problem.of("old", message)),
            Optional.of(Remedy.REASK),
            "",
            false));
    request++;
    attempt = 0;
    return this;
  }

  Past truncated() {
    lines.add(new TranscriptLine.Truncated(now, "bytes"));
    return this;
  }

  Transcript crashed() {
    return new Transcript(lines);
  }

  Transcript ended() {
    return end(Ending.ANSWERED);
  }

  Transcript lost() {
    return end(new Ending("ProviderFailed", "none"));
  }

  private Transcript end(Ending ending) {
    lines.add(new TranscriptLine.End(now, ending, Spent.NOTHING, Duration.ZERO, Duration.ZERO));
    return crashed();
  }
}
