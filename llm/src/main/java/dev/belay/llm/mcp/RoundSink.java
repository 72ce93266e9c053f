package dev.belay.llm.mcp;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.Part;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.transport.StreamSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Passes the text of one round on, and holds back what may turn out to belong to tools that are run
 * here. Called by one thread after the other, as every sink is.
 */
final class RoundSink implements StreamSink {
  private final StreamSink caller;
  private final StringBuilder thoughts = new StringBuilder();
  private final List<StreamEvent.ToolCall> calls = new ArrayList<>();

  RoundSink(StreamSink caller) {
    this.caller = caller;
  }

  @Override
  public CompletionStage<Void> next(StreamEvent event) {
    return switch (event) {
      case StreamEvent.Text text -> said(text);
      case StreamEvent.Reasoning(String more) -> {
        thoughts.append(more);
        yield READY;
      }
      case StreamEvent.ToolCall call -> {
        calls.add(call);
        yield READY;
      }
      case StreamEvent.End end -> READY;
    };
  }

  /** Thoughts come before what they lead to. */
  private CompletionStage<Void> said(StreamEvent.Text text) {
    if (thoughts.isEmpty()) {
      return caller.next(text);
    }
    StreamEvent thought = new StreamEvent.Reasoning(thoughts.toString());
    thoughts.setLength(0);
    return caller.next(thought).thenCompose(none -> caller.next(text));
  }

  /** It was the last round: the rest of it, as far as it belongs to the caller. */
  void end(LlmResponse response) throws InterruptedException, ExecutionException {
    if (!thoughts.isEmpty()) {
      pass(new StreamEvent.Reasoning(thoughts.toString()));
    }
    List<Part.ToolCall> theirs = response.toolCalls();
    for (StreamEvent.ToolCall piece : calls) {
      int index = indexOf(piece.index(), theirs);
      if (index >= 0) {
        pass(new StreamEvent.ToolCall(index, piece.id(), piece.name(), piece.arguments()));
      }
    }
    pass(new StreamEvent.End(response));
  }

  /** Which of the caller's calls a piece belongs to; below 0 if to none. */
  private int indexOf(int index, List<Part.ToolCall> theirs) {
    String id =
        calls.stream()
            .filter(piece -> piece.index() == index && !piece.id().isEmpty())
            .map(StreamEvent.ToolCall::id)
            .findFirst()
            .orElse("");
    for (int at = 0; at < theirs.size(); at++) {
      if (theirs.get(at).id().equals(id)) {
        return at;
      }
    }
    return -1;
  }

  private void pass(StreamEvent event) throws InterruptedException, ExecutionException {
    var unused = caller.next(event).toCompletableFuture().get();
  }
}
