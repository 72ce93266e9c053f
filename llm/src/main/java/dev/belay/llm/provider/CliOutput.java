package dev.belay.llm.provider;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.LlmResponse.Choice;
import dev.belay.llm.Part;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.Usage;
import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads what a program writes: text, one JSON object, or one on each line, in the words of the
 * common agents' programs. For one thread.
 */
public final class CliOutput {
  private final Backend.Cli.Output form;
  private final StringBuilder all = new StringBuilder();
  private final StringBuilder line = new StringBuilder();
  private final CliLines lines = new CliLines();
  private boolean said;

  /** One that has read nothing yet. */
  public CliOutput(Backend.Cli.Output form) {
    this.form = form;
  }

  /**
   * Reads on.
   *
   * @param sink gets the pieces that are complete with this text
   */
  public void feed(CharSequence text, Consumer<StreamEvent> sink) {
    all.append(text);
    switch (form) {
      case TEXT -> text(text, sink);
      case JSON -> {}
      case STREAM_JSON -> {
        for (int at = 0; at < text.length(); at++) {
          if (text.charAt(at) == '\n') {
            lines.take(line.toString(), sink);
            line.setLength(0);
          } else {
            line.append(text.charAt(at));
          }
        }
      }
    }
  }

  /**
   * Passes text on; blanks only when more follows, since those at the ends are not the answer's.
   */
  private void text(CharSequence more, Consumer<StreamEvent> sink) {
    String waiting = line.append(more).toString();
    String words = waiting.stripTrailing();
    words = said ? words : words.stripLeading();
    if (!words.isEmpty()) {
      said = true;
      sink.accept(new StreamEvent.Text(words));
      line.delete(0, waiting.stripTrailing().length());
    }
  }

  /**
   * The program ended.
   *
   * @param exit its code
   * @param complaints the end of what it wrote on its standard error
   * @param sink gets the last pieces
   */
  public Reading end(int exit, String complaints, Consumer<StreamEvent> sink) {
    if (form == Backend.Cli.Output.STREAM_JSON) {
      lines.take(line.toString(), sink);
      line.setLength(0);
    }
    Optional<Json.Obj> result =
        switch (form) {
          case TEXT -> Optional.empty();
          case JSON ->
              ErrorBody.json(all.toString())
                  .filter(Json.Obj.class::isInstance)
                  .map(Json.Obj.class::cast);
          case STREAM_JSON -> lines.result();
        };
    Optional<WireError> error = result.flatMap(CliOutput::error).or(lines::error);
    if (exit != 0 || error.isPresent()) {
      return new Reading.Refused(error.orElseGet(() -> failed(exit, complaints)));
    }
    return switch (form) {
      case TEXT -> answered(all.toString().strip(), Json.EMPTY, all.toString().isBlank());
      case JSON, STREAM_JSON ->
          result
              .map(found -> answered(text(found), found, false))
              .orElseGet(() -> answered("", Json.EMPTY, true));
    };
  }

  private String text(Json.Obj result) {
    for (String field : List.of("result", "response", "text", "output", "content", "message")) {
      String text = Look.text(result, field);
      if (!text.isEmpty()) {
        return text;
      }
    }
    return lines.text();
  }

  private Reading answered(String text, Json.Obj result, boolean nothing) {
    if (nothing) {
      return new Reading.Garbled(
          "expected an answer on the standard output, but it was " + Excerpt.of(all.toString()));
    }
    Json usage = Look.at(result, "usage").orElse(Json.EMPTY);
    long cached =
        Look.count(usage, "cache_read_input_tokens") + Look.count(usage, "cached_input_tokens");
    // one of them counts what came from the cache apart, the other one does not
    long input =
        Look.count(usage, "input_tokens")
            + Look.count(usage, "cache_read_input_tokens")
            + Look.count(usage, "cache_creation_input_tokens");
    String id = Look.text(result, "session_id");
    List<Part.ToolCall> none = List.of();
    return new Reading.Answered(
        new LlmResponse(
            id.isEmpty() ? lines.id() : id,
            Look.text(result, "model").isEmpty() ? lines.model() : Look.text(result, "model"),
            List.of(new Choice(text, none, "", Finish.STOP)),
            new Usage(input, Look.count(usage, "output_tokens"), cached),
            all.toString()));
  }

  private static Optional<WireError> error(Json.Obj result) {
    if (Look.has(result, "error")) {
      return ErrorBody.in(result, 0, Headers.NONE);
    }
    if (!Look.isTrue(result, "is_error")) {
      return Optional.empty();
    }
    String message = Look.text(result, "result");
    String type = Look.text(result, "subtype");
    return Optional.of(
        new WireError(
            0,
            "cli_error",
            type,
            message.isEmpty() ? type : message,
            Look.text(result, "session_id"),
            Headers.NONE,
            WireError.Quota.NONE));
  }

  private static WireError failed(int exit, String complaints) {
    return new WireError(
        0,
        "cli_error",
        "exit_" + exit,
        "the program ended with %d: %s".formatted(exit, Excerpt.of(complaints)),
        "",
        Headers.NONE,
        WireError.Quota.NONE);
  }
}
