package dev.belay.llm.transport;

import dev.belay.Hint;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Part;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.ErrorReader;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.Reading;
import dev.belay.llm.provider.StreamDecoder;
import dev.belay.llm.provider.WireResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes an answer of what comes, whole or as a stream. For one event loop. */
final class AnswerReceiver implements Receiver {

  /** Who reads the answer. */
  record Reader(
      String provider,
      Dialect dialect,
      ErrorReader errors,
      Supplier<Instant> clock,
      int longestEvent) {}

  private final Reader reader;
  private final @Nullable StreamSink sink;
  private final CompletableFuture<LlmResponse> result;
  private final Supplier<Executor> loop;
  private final Queue<StreamEvent> events = new ArrayDeque<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable StreamDecoder decoder;
  private Headers headers = Headers.NONE;
  private Instant arrived = Instant.EPOCH;
  private int status;
  private boolean begun;
  private @Nullable LlmResponse answer;

  /**
   * One for an answer.
   *
   * @param sink takes the pieces; null if the answer was asked for in one
   * @param loop where all of this runs
   */
  AnswerReceiver(
      Reader reader,
      @Nullable StreamSink sink,
      CompletableFuture<LlmResponse> result,
      Supplier<Executor> loop) {
    this.reader = reader;
    this.sink = sink;
    this.result = result;
    this.loop = loop;
  }

  @Override
  public void head(int status, Headers headers) {
    this.status = status;
    this.headers = headers;
    this.arrived = reader.clock().get();
    String type =
        headers.first("content-type").orElse("text/event-stream").toLowerCase(Locale.ROOT);
    boolean good = status >= 200 && status < 300;
    if (sink != null && good && type.contains("event-stream")) {
      decoder = new StreamDecoder(reader.dialect().stream(headers), reader.longestEvent());
    } else {
      begun = true; // an answer in one piece: from here on it must not stand still
    }
  }

  @Override
  public CompletionStage<Void> chunk(byte[] bytes) {
    if (decoder == null) {
      body.writeBytes(bytes);
      return StreamSink.READY;
    }
    Optional<Reading> end = decoder.feed(bytes, events::add);
    begun |= !events.isEmpty();
    return end.isPresent() ? conclude(end.get()) : pump();
  }

  @Override
  public CompletionStage<Void> end() {
    if (decoder != null) {
      Optional<Reading> end = decoder.end(events::add);
      return end.isPresent() ? conclude(end.get()) : CompletableFuture.failedFuture(cut());
    }
    Reading reading =
        reader
            .dialect()
            .read(new WireResponse(status, headers, body.toString(StandardCharsets.UTF_8)));
    if (sink != null && reading instanceof Reading.Answered answered) {
      inPieces(answered.response());
    }
    return conclude(reading);
  }

  private ProviderException cut() {
    return new ProviderException(
        hasContent()
            ? ProviderError.of(ErrorKind.STREAM_BROKEN, "the stream ended before the answer did")
            : ProviderError.of(ErrorKind.NETWORK, "the stream ended before its first token"));
  }

  /** The host took no notice of the wish for a stream. */
  private void inPieces(LlmResponse whole) {
    if (!whole.text().isEmpty()) {
      events.add(new StreamEvent.Text(whole.text()));
    }
    List<Part.ToolCall> calls = whole.toolCalls();
    for (int place = 0; place < calls.size(); place++) {
      Part.ToolCall call = calls.get(place);
      events.add(new StreamEvent.ToolCall(place, call.id(), call.name(), call.arguments()));
    }
  }

  private CompletionStage<Void> conclude(Reading reading) {
    switch (reading) {
      case Reading.Answered(LlmResponse response) -> {
        answer = response;
        events.add(new StreamEvent.End(response));
        return pump();
      }
      case Reading.Refused(var error) -> {
        return after(
            new ProviderException(reader.errors().read(reader.provider(), error, arrived)));
      }
      case Reading.Garbled(String why) -> {
        return after(
            new ProviderException(
                new ProviderError(ErrorKind.GARBAGE, status, "", why, "", Hint.NONE)));
      }
    }
  }

  /** The sink shall have what came before the failure. */
  private CompletionStage<Void> after(ProviderException failure) {
    return pump().thenCompose(none -> CompletableFuture.failedFuture(failure));
  }

  private CompletionStage<Void> pump() {
    while (!events.isEmpty()) {
      CompletionStage<Void> ready = next(events.remove());
      if (!Ready.is(ready)) {
        return ready.thenComposeAsync(none -> pump(), loop.get());
      }
    }
    if (answer != null) {
      result.complete(answer);
    }
    return StreamSink.READY;
  }

  private CompletionStage<Void> next(StreamEvent event) {
    if (sink == null) {
      return StreamSink.READY;
    }
    try {
      return sink.next(event);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  @Override
  public void failed(Throwable why) {
    result.completeExceptionally(why);
  }

  @Override
  public boolean isReading() {
    return true;
  }

  @Override
  public boolean hasBegun() {
    return begun;
  }

  @Override
  public boolean hasContent() {
    return decoder != null && decoder.hasContent();
  }

  @Override
  public boolean isDone() {
    return answer != null && result.isDone();
  }
}
