package dev.belay.llm.provider;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import java.util.Optional;

/** What all dialects do with a whole answer before they look for what is said in it. */
final class BodyReader {

  /** Finds what is said in a body of which it is known that it is an object and no error. */
  @FunctionalInterface
  interface Content {
    /** The answer; empty if the body is of another kind. */
    Optional<LlmResponse> in(Json.Obj body, String raw);
  }

  private BodyReader() {}

  static Reading read(WireResponse response, String wanted, Content content) {
    if (response.status() < 200 || response.status() >= 300) {
      return new Reading.Refused(ErrorBody.of(response));
    }
    Json body;
    try {
      body = Json.parse(response.body());
    } catch (JsonException notJson) {
      return new Reading.Garbled(
          "expected %s, but %s; type '%s', body was %s"
              .formatted(
                  wanted,
                  notJson.getMessage(),
                  response.headers().first("content-type").orElse("none"),
                  Excerpt.of(response.body())));
    }
    return read(body, response, wanted, content);
  }

  static Reading read(Json body, WireResponse response, String wanted, Content content) {
    Optional<WireError> error = ErrorBody.in(body, response.status(), response.headers());
    if (error.isPresent()) {
      return new Reading.Refused(error.get());
    }
    return Optional.of(body)
        .filter(Json.Obj.class::isInstance)
        .flatMap(object -> content.in((Json.Obj) object, response.body()))
        .<Reading>map(Reading.Answered::new)
        .orElseGet(() ->
            new Reading.Garbled(
                "expected %s, but the body was %s".formatted(wanted, Excerpt.of(response.body()))));
  }
}
