package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.CallFailed;
import dev.belay.CallRefused;
import dev.belay.CallReport;
import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.budget.Shortage;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.CheckContext;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.check.Validator;
import dev.belay.llm.correct.CorrectionMachine;
import dev.belay.llm.correct.CorrectionStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Carries out the steps of one call on the thread of its caller. */
final class Conversation {
  private final Function<String, LlmRoute> routes;
  private final Reporter reporter;
  private final Time time;
  private final Journey journey;
  private @Nullable LlmResponse last;
  private Duration paused = Duration.ZERO;

  Conversation(Function<String, LlmRoute> routes, Reporter reporter, Time time, Journey journey) {
    this.routes = routes;
    this.reporter = reporter;
    this.time = time;
    this.journey = journey;
  }

  /** Until an answer stands, or there will be none. */
  LlmResult run(LlmRequest request, Optional<Validator> check, CorrectionMachine machine)
      throws InterruptedException {
    CorrectionStep step = machine.begin();
    while (true) {
      switch (step) {
        case CorrectionStep.Ask ask -> {
          charge(ask);
          correction(ask);
          last = whole(ask.request());
          step = machine.answered(last);
        }
        case CorrectionStep.Examine examine -> {
          Finding finding = finding(check, examine.answer(), machine);
          journey.record().checked(finding);
          step = machine.checked(finding, journey.budget().deadline().left());
        }
        case CorrectionStep.Pause pause -> {
          paused = Duration.ofNanos(pause.nanos());
          time.sleep(pause.nanos());
          journey.waited(Duration.ofNanos(pause.nanos()));
          step = machine.resume();
        }
        case CorrectionStep.Done done -> {
          return result(last(), done);
        }
        case CorrectionStep.Park park ->
            throw new HumanReviewNeeded(
                journey.report(),
                new HumanReviewNeeded.Context(
                    park.reason(), request, last(), machine.failed(), machine.attempts()));
        case CorrectionStep.Stop stop -> throw stopped(stop, last(), machine);
      }
    }
  }

  private void correction(CorrectionStep.Ask ask) {
    if (ask.attempt() > 1) {
      int length = ask.request().messages().getLast().text().length();
      journey.record().correction(ask.stage(), paused, length);
      paused = Duration.ZERO;
    }
  }

  private LlmResponse last() {
    return requireNonNull(last, "last");
  }

  /** Whatever comes after the first is a correction, be it for faults or for want of room. */
  private void charge(CorrectionStep.Ask ask) {
    if (ask.attempt() > 1) {
      Optional<Shortage> missing = journey.budget().correct();
      if (missing.isPresent()) {
        throw new BudgetExceeded(missing.get(), journey.report());
      }
    }
  }

  private Finding finding(Optional<Validator> check, Answer answer, CorrectionMachine machine)
      throws InterruptedException {
    if (check.isEmpty()) {
      return Finding.valid(answer);
    }
    CheckContext context =
        new CheckContext(machine.attempts(), 0, journey.budget().deadline(), journey.budget());
    try {
      return check.get().check(answer, context);
    } catch (RuntimeException broken) {
      String why = "%s is broken: %s".formatted(check.get().name(), broken);
      return new Finding.Inconclusive(why, Remedy.FAIL);
    }
  }

  private LlmResult result(LlmResponse response, CorrectionStep.Done done) {
    return new LlmResult(
        withText(response, done.answer()), journey.endpoint(), done.warnings(), journey.report());
  }

  /** A check may have put the text right. */
  static LlmResponse withText(LlmResponse response, Answer answer) {
    LlmResponse.Choice first = response.choices().getFirst();
    if (first.text().equals(answer.text()) && first.toolCalls().equals(answer.toolCalls())) {
      return response;
    }
    List<LlmResponse.Choice> choices = new ArrayList<>(response.choices());
    choices.set(
        0,
        new LlmResponse.Choice(answer.text(), answer.toolCalls(), first.refusal(), first.finish()));
    return new LlmResponse(
        response.id(), response.model(), choices, response.usage(), response.raw());
  }

  private LlmFailure stopped(
      CorrectionStep.Stop stop, LlmResponse response, CorrectionMachine machine) {
    LlmReport report = journey.report();
    return switch (stop.reason()) {
      case EXHAUSTED, REJECTED, UNCHECKED ->
          new ValidationExhausted(message(stop, machine), report, machine.failed());
      case NO_PROGRESS -> new NoProgress(message(stop, machine), report, machine.failed());
      case TRUNCATED -> new AnswerTruncated(stop.why(), report, response);
      case BLOCKED -> new ContentBlocked(stop.why(), report, response);
      case DEADLINE -> new BudgetExceeded(new Shortage(Shortage.What.DEADLINE, stop.why()), report);
    };
  }

  private static String message(CorrectionStep.Stop stop, CorrectionMachine machine) {
    if (machine.failed().isEmpty()) {
      return stop.why();
    }
    return "%s; last: %s"
        .formatted(stop.why(), machine.failed().getLast().problems().getFirst().message());
  }

  LlmResponse whole(LlmRequest request) throws InterruptedException {
    LlmRoute route = routes.apply(request.model());
    return send(route, request, new WholeSending(route.equipment().transport(), request));
  }

  /** One request with all its attempts. */
  LlmResponse send(LlmRoute route, LlmRequest request, Sending sending)
      throws InterruptedException {
    Call call =
        Call.DEFAULT
            .withTarget(route.name())
            .withDeadline(journey.budget().deadline())
            .withPolicy(route.policy(journey.caller().key()));
    Requesting requesting = new Requesting(route, journey, request, sending);
    reporter.expect(call, requesting::finished);
    CompletableFuture<LlmResponse> answer = route.belay().callAsync(call, requesting);
    try {
      return answer.get();
    } catch (InterruptedException interrupted) {
      answer.cancel(true);
      throw interrupted;
    } catch (ExecutionException failed) {
      throw failure(route, failed.getCause() == null ? failed : failed.getCause());
    } finally {
      reporter.forget(call);
    }
  }

  private RuntimeException failure(LlmRoute route, Throwable cause) {
    return switch (cause) {
      case CallFailed failed when failed.getCause() instanceof JudgedFailure judged ->
          switch (judged.trouble()) {
            case Trouble.Told told ->
                providers(
                    route,
                    told.error(),
                    failed.report().retryAfter(),
                    summary(failed.report(), told));
            case Trouble.TooDear dear -> new BudgetExceeded(dear.shortage(), journey.report());
            case Trouble.Other other -> other.failure();
          };
      case CallFailed failed ->
          new BudgetExceeded(
              new Shortage(Shortage.What.DEADLINE, message(failed)), journey.report());
      case CallRefused refused ->
          providers(
              route,
              ProviderError.of(ErrorKind.CIRCUIT_OPEN, message(refused)),
              refused.retryAfter(),
              message(refused));
      case RuntimeException other -> other;
      default -> throw new IllegalStateException("an unforeseen failure", cause);
    };
  }

  private static String summary(CallReport report, Trouble last) {
    int attempts = report.attempts().size();
    return "failed after %d attempt%s (%s), last: %s"
        .formatted(attempts, attempts == 1 ? "" : "s", report.reason(), last.words());
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private ProviderFailed providers(
      LlmRoute route, ProviderError error, Duration retryAfter, String summary) {
    Duration gates = route.closedFor();
    Duration after = retryAfter.compareTo(gates) > 0 ? retryAfter : gates;
    boolean known = after.isPositive() && after.compareTo(Duration.ofDays(366)) < 0;
    Instant retryAt = known ? time.instant().plus(after) : Instant.MIN;
    return new ProviderFailed(
        "route %s: %s".formatted(route.name(), summary),
        journey.report(),
        error,
        retryAt,
        known ? after : Duration.ZERO);
  }
}
