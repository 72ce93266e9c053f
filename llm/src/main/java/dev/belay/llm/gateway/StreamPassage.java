package dev.belay.llm.gateway;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.Blame;
import dev.belay.Hint;
import dev.belay.Permit;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.front.GatewayError;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.Reading;
import dev.belay.llm.provider.StreamDecoder;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transport.RawAnswer;
import dev.belay.llm.transport.StreamSink;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Passes a request on and its answer back as it comes. It is held until its first content, and goes
 * elsewhere if there is none; from then on nothing is tried again. A stream that is cut is never
 * made to look whole: the client gets an error and its connection breaks. For one event loop.
 */
final class StreamPassage {
  private static final int MOST_HELD = 1 << 20;

  private final PassageCall call;

  StreamPassage(PassageCall call) {
    this.call = call;
  }

  /** Begins; cancelling the future ends it. */
  CompletableFuture<?> start(Executor loop) {
    CompletableFuture<Live> live = call.start(new Opening(), loop);
    var unused =
        live.whenComplete((stream, failure) -> {
          if (failure == null) {
            stream.flow();
          } else if (!live.isCancelled()) {
            PassageFailure.send(call, Later.cause(failure));
            call.end(Ending.failed(Later.cause(failure)));
          }
        });
    return live;
  }

  /** An attempt is a success with the first content: what comes after it cannot be tried again. */
  private final class Opening implements AsyncOperation<LlmEndpoint, Live> {
    @Override
    public CompletionStage<Live> start(Attempt<LlmEndpoint> attempt) {
      CompletableFuture<Live> opened = new CompletableFuture<>();
      var sent = call.send(attempt);
      Later.cancelWith(opened, sent);
      Later.then(sent, opened, answer -> new Live(attempt, answer, opened).begin());
      return opened;
    }

    @Override
    public boolean endsInTime() {
      return true;
    }

    @Override
    public void discard(Live stream) {
      stream.answer.cancel();
    }
  }

  /** A stream that is being read. */
  private final class Live {
    private final Attempt<LlmEndpoint> attempt;
    private final RawAnswer answer;
    private final CompletableFuture<Live> opened;
    private final CompletableFuture<Void> flowing = new CompletableFuture<>();
    private final StreamDecoder decoder;
    private final Buffer held = Buffer.buffer();
    private boolean flows;
    private Optional<Reading> end = Optional.empty();

    Live(Attempt<LlmEndpoint> attempt, RawAnswer answer, CompletableFuture<Live> opened) {
      this.attempt = attempt;
      this.answer = answer;
      this.opened = opened;
      this.decoder =
          new StreamDecoder(
              PassageCall.dialect(attempt.endpoint()).stream(answer.headers()),
              call.route().limits().event());
    }

    void begin() {
      Later.onCancel(opened, answer::cancel);
      call.client().onGone(answer::cancel);
      var unused =
          answer
              .drainTo(this::chunk)
              .whenComplete((none, failure) -> {
                if (failure == null) {
                  end();
                } else {
                  cut(Later.cause(failure));
                }
              });
    }

    private CompletionStage<Void> chunk(byte[] bytes) {
      if (end.isEmpty()) {
        end = decoder.feed(bytes, piece -> {});
      }
      if (flows) {
        return isRefused() ? StreamSink.READY : call.client().write(Buffer.buffer(bytes));
      }
      held.appendBytes(bytes);
      boolean whole = end.filter(Reading.Answered.class::isInstance).isPresent();
      if (decoder.hasContent() || whole || held.length() > MOST_HELD) {
        opened.complete(this);
        return flowing;
      }
      return StreamSink.READY;
    }

    /** The provider said in the stream that it fails: the client hears it in our words. */
    private boolean isRefused() {
      return end.filter(reading -> !(reading instanceof Reading.Answered)).isPresent();
    }

    /** The client gets what was held, and from now on what comes. */
    void flow() {
      flows = true;
      Client client = call.client();
      client.show(answer.headers());
      client.tell(attempt.endpoint().name(), attempt.number(), 0, call.waited());
      client.beginStream();
      Later.then(client.write(held).toCompletableFuture(), flowing, none -> flowing.complete(null));
    }

    private void end() {
      if (end.isEmpty()) {
        end = decoder.end(piece -> {});
      }
      if (end.isPresent() && end.get() instanceof Reading.Answered answered) {
        call.log().answered(attempt, answered.response());
        opened.complete(this); // an answer without content is one all the same
        var unused = flowing.thenRun(this::finish);
      } else {
        cut(new ProviderException(error(end)));
      }
    }

    private void finish() {
      call.client().end();
      call.end(Ending.ANSWERED);
    }

    private void cut(Throwable failure) {
      if (!flows && opened.completeExceptionally(failure)) {
        return;
      }
      if (failure instanceof ProviderException) {
        countFailure();
      }
      call.end(Ending.failed(failure));
      GatewayError error = Failures.of(failure);
      // what was held may still be on its way to the client
      var unused =
          flowing.whenComplete((none, gone) -> call.client().breakOff(call.brokenOff(error)));
    }

    /**
     * The attempt counts as a success since its first content. That it broke off has to count, too,
     * or a provider that breaks off all the time is never left alone.
     */
    private void countFailure() {
      Permit late = attempt.endpoint().breaker().tryAcquire();
      if (late.isGranted()) {
        late.failure(Blame.ENDPOINT, Hint.NONE, 0);
      }
    }

    private ProviderError error(Optional<Reading> reading) {
      if (reading.isPresent()) {
        switch (reading.get()) {
          case Reading.Refused refused -> {
            return call.judge(attempt.endpoint(), refused.error());
          }
          case Reading.Garbled garbled -> {
            return ProviderError.of(ErrorKind.GARBAGE, garbled.why());
          }
          case Reading.Answered answered -> {}
        }
      }
      return ProviderError.of(
          decoder.hasContent() ? ErrorKind.STREAM_BROKEN : ErrorKind.NETWORK,
          "the stream ended before the answer did; what came is not all of it");
    }
  }
}
