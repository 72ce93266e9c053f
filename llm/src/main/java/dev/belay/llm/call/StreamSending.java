package dev.belay.llm.call;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.LlmTransport;
import dev.belay.llm.transport.StreamSink;
import dev.belay.llm.transport.Terms;
import java.util.concurrent.CompletionStage;

/**
 * Asks for the answer piece by piece. Nothing is passed on before the first content; until then an
 * attempt that fails may be followed by another, from then on it may not.
 */
final class StreamSending implements Sending {
  private final LlmTransport transport;
  private final LlmRequest request;
  private final StreamSink sink;
  private volatile boolean begun;

  StreamSending(LlmTransport transport, LlmRequest request, StreamSink sink) {
    this.transport = transport;
    this.request = request;
    this.sink = sink;
  }

  @Override
  public CompletionStage<LlmResponse> send(LlmEndpoint endpoint, Terms terms) {
    return transport.stream(endpoint, request, terms, this::next);
  }

  @Override
  public boolean hasBegun() {
    return begun;
  }

  private CompletionStage<Void> next(StreamEvent event) {
    if (!begun && !hasContent(event)) {
      return StreamSink.READY;
    }
    begun = true;
    return sink.next(event);
  }

  private static boolean hasContent(StreamEvent event) {
    return switch (event) {
      case StreamEvent.Text text -> !text.delta().isEmpty();
      case StreamEvent.Reasoning reasoning -> !reasoning.delta().isEmpty();
      case StreamEvent.ToolCall call -> true;
      case StreamEvent.End end -> true;
    };
  }
}
