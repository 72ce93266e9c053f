package dev.belay.llm.provider;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes an answer of the bytes of a stream, and tells what is in them as they pass. For one thread.
 */
public final class StreamDecoder {
  private static final int KEPT = 256;
  private static final List<String> FIELDS = List.of("data:", "event:", "id:", "retry:");

  private final StreamReader reader;
  private final SseParser parser;
  private final ByteArrayOutputStream beginning = new ByteArrayOutputStream(KEPT);
  private @Nullable Reading reading;
  private boolean content;

  /**
   * One that has read nothing yet.
   *
   * @param reader of the dialect that the stream speaks
   * @param longest bytes of an event, at least 1
   */
  public StreamDecoder(StreamReader reader, int longest) {
    this.reader = reader;
    this.parser = new SseParser(longest);
  }

  /**
   * Reads on.
   *
   * @param sink gets the pieces that are complete with these bytes
   * @return how the stream ended; empty as long as it goes on
   */
  public Optional<Reading> feed(byte[] bytes, Consumer<StreamEvent> sink) {
    beginning.write(bytes, 0, Math.min(bytes.length, KEPT - beginning.size()));
    try {
      parser.feed(bytes, event -> take(event, sink));
    } catch (SseParser.TooLong tooLong) {
      decide(new Reading.Garbled(String.valueOf(tooLong.getMessage())));
    }
    return Optional.ofNullable(reading);
  }

  private void take(ServerEvent event, Consumer<StreamEvent> sink) {
    if (reading == null) {
      reader.read(event, piece -> pass(piece, sink)).ifPresent(this::decide);
    }
  }

  private void pass(StreamEvent piece, Consumer<StreamEvent> sink) {
    content |= piece instanceof StreamEvent.Text || piece instanceof StreamEvent.ToolCall;
    sink.accept(piece);
  }

  private void decide(Reading found) {
    if (reading == null) {
      reading = found;
    }
  }

  /**
   * The connection ended.
   *
   * @param sink gets the pieces of an event whose end was not marked
   * @return how the stream ended; empty if it is cut
   */
  public Optional<Reading> end(Consumer<StreamEvent> sink) {
    if (reading == null) {
      parser.end(event -> {
        // an event that is cut in two is no JSON, and no sign of another protocol
        if (ErrorBody.json(event.data()).isPresent() || event.data().strip().equals("[DONE]")) {
          take(event, sink);
        }
      });
    }
    if (reading == null) {
      reader.end().ifPresent(this::decide);
    }
    String start = beginning.toString(StandardCharsets.UTF_8);
    if (reading == null && !parser.sawField() && !isBeginning(start)) {
      decide(
          new Reading.Garbled(
              "expected a stream of events, but the body was " + Excerpt.of(start)));
    }
    return Optional.ofNullable(reading);
  }

  /** Whether a stream that is cut at once could have begun like this. */
  private static boolean isBeginning(String start) {
    return start.isBlank() || FIELDS.stream().anyMatch(field -> field.startsWith(start));
  }

  /** Whether any of the answer has come: text or a tool call, not thoughts. */
  public boolean hasContent() {
    return content;
  }

  /** What has come so far, as an answer that is {@link dev.belay.llm.Finish#INCOMPLETE}. */
  public LlmResponse soFar() {
    return reader.soFar();
  }
}
