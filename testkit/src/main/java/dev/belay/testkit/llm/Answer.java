package dev.belay.testkit.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a provider does with one request: a {@link Completion}, possibly broken; a {@link Fault} in
 * the form of the dialect; or anything that an origin can do. Immutable.
 *
 * <pre>{@code
 * Answer.text("hello").usage(12, 3)
 * Answer.toolCall("weather", "{\"city\":\"Ulm\"}")
 * Answer.echo()
 * Answer.verbatim(Reply.reset())
 * }</pre>
 */
public sealed interface Answer permits Completion, Fault, Answer.Computed, Answer.Verbatim {

  /** An answer that is found when the request is there. */
  record Computed(Function<? super LlmRequest, ? extends Answer> function) implements Answer {}

  /** Something below the level of the dialects. */
  record Verbatim(Reply reply) implements Answer {}

  /** That text. */
  static Completion text(String text) {
    return Completion.of(List.of(Choice.text(text)));
  }

  /** Several choices; the dialects that know but one choice say the first. */
  static Completion choices(String first, String... rest) {
    return Completion.of(
        Stream.concat(Stream.of(first), Arrays.stream(rest)).map(Choice::text).toList());
  }

  /** A call of that tool; {@link Completion#andToolCall} for more of them. */
  static Completion toolCall(String name, String arguments) {
    return Completion.of(
        List.of(
            new Choice(
                Optional.empty(),
                List.of(new ToolCall(name, arguments)),
                Optional.empty(),
                Finish.TOOL_CALLS)));
  }

  /** A refusal, said where each dialect says it. */
  static Completion refusal(String why) {
    return Completion.of(
        List.of(new Choice(Optional.empty(), List.of(), Optional.of(why), Finish.REFUSAL)));
  }

  /** A well-formed answer whose content is null, or empty where a dialect has no null. */
  static Completion nothing() {
    return Completion.of(
        List.of(new Choice(Optional.empty(), List.of(), Optional.empty(), Finish.STOP)));
  }

  /** The last text of the user. */
  static Answer echo() {
    return from(request -> text(request.lastUserText()));
  }

  /** Whatever the function says; it runs as one of {@link Script#answering} does. */
  static Answer from(Function<? super LlmRequest, ? extends Answer> function) {
    return new Computed(requireNonNull(function, "function"));
  }

  /** One text after the other, then the last one for ever: what a model says when corrected. */
  static Script<LlmRequest, Answer> texts(String first, String... rest) {
    Answer[] answers = Arrays.stream(rest).map(Answer::text).toArray(Answer[]::new);
    return Script.<LlmRequest, Answer>of(text(first), answers);
  }

  /** Anything that an origin can do, whatever was asked. */
  static Answer verbatim(Reply reply) {
    return new Verbatim(requireNonNull(reply, "reply"));
  }

  /** The page of a gateway that has lost its provider, in HTML. */
  static Answer html(int status) {
    return verbatim(
        Reply.status(status)
            .header("Server", "cloudflare")
            .header("Content-Type", "text/html; charset=UTF-8")
            .body(
                "<html>\r\n<head><title>%1$d Error</title></head>\r\n<body><center><h1>%1$d Error</h1></center></body>\r\n</html>\r\n"
                    .formatted(status)));
  }

  /** Cuts the connection with a TCP reset instead of an answer. */
  static Answer reset() {
    return verbatim(Reply.reset());
  }

  /** Closes the connection in order, instead of an answer. */
  static Answer disconnect() {
    return verbatim(Reply.disconnect());
  }

  /** Never answers, until the peer or the provider closes. */
  static Answer hang() {
    return verbatim(Reply.hang());
  }
}
