package dev.belay.llm.gateway;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.Reading;
import dev.belay.llm.provider.WireResponse;
import dev.belay.llm.transcript.Ending;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Passes a request on and its answer back in one piece, so that an answer that breaks off, or is no
 * answer, can be asked for elsewhere. For one event loop.
 */
final class WholePassage {
  private final PassageCall call;

  WholePassage(PassageCall call) {
    this.call = call;
  }

  /** Begins; cancelling the future ends it. */
  CompletableFuture<?> start(Executor loop) {
    CompletableFuture<Passed> answer = call.start(new Passing(), loop);
    var unused =
        answer.whenComplete((passed, failure) -> {
          if (failure == null) {
            send(passed);
          } else if (!answer.isCancelled()) {
            fail(failure);
          }
        });
    return answer;
  }

  private final class Passing implements AsyncOperation<LlmEndpoint, Passed> {
    @Override
    public CompletionStage<Passed> start(Attempt<LlmEndpoint> attempt) {
      CompletableFuture<Passed> result = new CompletableFuture<>();
      var sent = call.send(attempt);
      Later.cancelWith(result, sent);
      Later.then(
          sent,
          result,
          answer -> {
            var whole = PassageCall.whole(answer, call.route().limits().body());
            Later.onCancel(result, answer::cancel);
            Later.then(
                whole,
                result,
                body -> {
                  Passed passed = new Passed(attempt, answer.status(), answer.headers(), body);
                  check(passed);
                  result.complete(passed);
                });
          });
      return result;
    }

    @Override
    public boolean endsInTime() {
      return true;
    }
  }

  /** Whether it is an answer at all: a page of some gateway on the way is none. */
  private void check(Passed passed) {
    WireResponse wire =
        new WireResponse(
            passed.status(), passed.headers(), passed.body().toString(StandardCharsets.UTF_8));
    switch (PassageCall.dialect(passed.attempt().endpoint()).read(wire)) {
      case Reading.Answered answered -> call.log().answered(passed.attempt(), answered.response());
      case Reading.Refused refused ->
          throw new ProviderException(call.judge(passed.attempt().endpoint(), refused.error()));
      case Reading.Garbled garbled ->
          throw new ProviderException(ProviderError.of(ErrorKind.GARBAGE, garbled.why()));
    }
  }

  private void send(Passed passed) {
    Client client = call.client();
    client.show(passed.headers());
    client.tell(passed.attempt().endpoint().name(), passed.attempt().number(), 0, call.waited());
    client.send(
        passed.status(),
        passed.headers().first("content-type").orElse("application/json"),
        passed.body());
    call.end(Ending.ANSWERED);
  }

  private void fail(Throwable failure) {
    PassageFailure.send(call, Later.cause(failure));
    call.end(Ending.failed(Later.cause(failure)));
  }
}
