package dev.belay.llm.provider;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.LlmResponse.Choice;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.Usage;
import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What all streams have in common: each event is a JSON object, an error may stand in place of any,
 * and the answer is put together in the form of a whole body, which is then read as one.
 */
abstract class JsonStream implements StreamReader {
  private final String wanted;
  private final Headers headers;
  private final BodyReader.Content content;
  private boolean over;

  JsonStream(String wanted, Headers headers, BodyReader.Content content) {
    this.wanted = wanted;
    this.headers = headers;
    this.content = content;
  }

  /**
   * Takes in one object.
   *
   * @return whether it was the last one
   */
  abstract boolean take(Json.Obj event, Consumer<StreamEvent> sink);

  /** Whether the model has said that it is done, so that nothing of the answer is missing. */
  abstract boolean isFinished();

  /** What has come so far, in the form of a whole body. */
  abstract Json.Obj body();

  @Override
  public final Optional<Reading> read(ServerEvent event, Consumer<StreamEvent> sink) {
    if (over || event.data().isBlank()) {
      return Optional.empty();
    }
    if (event.data().strip().equals("[DONE]")) {
      return end();
    }
    Optional<Json> json = ErrorBody.json(event.data());
    if (json.isEmpty() || !(json.get() instanceof Json.Obj object)) {
      over = true;
      return Optional.of(
          new Reading.Garbled(
              "expected JSON in each event, but one was " + Excerpt.of(event.data())));
    }
    Optional<WireError> error = error(event, object);
    if (error.isPresent()) {
      over = true;
      return error.map(Reading.Refused::new);
    }
    return take(object, sink) ? end() : Optional.empty();
  }

  /** The error that stands in place of an event, if it does. */
  Optional<WireError> error(ServerEvent event, Json.Obj object) {
    if (Look.has(object, "error")) {
      return ErrorBody.in(object, 0, headers);
    }
    return event.name().equals("error")
        ? Optional.of(ErrorBody.of(object, object, 0, headers))
        : Optional.empty();
  }

  final Headers headers() {
    return headers;
  }

  @Override
  public final Optional<Reading> end() {
    if (over || !isFinished()) {
      return Optional.empty();
    }
    over = true;
    Json.Obj whole = body();
    WireResponse response = new WireResponse(200, headers, whole.toString());
    return Optional.of(BodyReader.read(whole, response, wanted, content));
  }

  @Override
  public final LlmResponse soFar() {
    Json.Obj part = body();
    LlmResponse read =
        content
            .in(part, part.toString())
            .orElseGet(() ->
                new LlmResponse(
                    "",
                    "",
                    List.of(new Choice("", List.of(), "", Finish.INCOMPLETE)),
                    Usage.NONE,
                    part.toString()));
    List<Choice> cut =
        read.choices().stream()
            .map(c -> new Choice(c.text(), c.toolCalls(), c.refusal(), Finish.INCOMPLETE))
            .toList();
    return new LlmResponse(read.id(), read.model(), cut, read.usage(), read.raw());
  }
}
