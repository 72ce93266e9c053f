package dev.belay.testkit.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.testkit.Header;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A good answer in the form of whichever dialect it is asked in, whole or as a stream, or a broken
 * one. Each method returns a changed copy; what breaks a stream has no effect where none was asked
 * for, unless it says so. Immutable.
 *
 * <pre>{@code
 * Answer.text("Once upon a time")
 *     .finish(Finish.LENGTH)
 *     .usage(100, 4)
 *     .header("x-ratelimit-remaining-requests", "0")
 *     .firstByteAfter(Duration.ofMillis(20))
 *     .chunks(8, Duration.ofMillis(5))
 *     .cutAfter(2);
 * }</pre>
 */
public final class Completion implements Answer {

  /** What the JSON looks like. */
  enum Shape {
    WHOLE,
    INVALID,
    TRUNCATED,
    EMPTY
  }

  /** How quickly it comes. */
  record Pace(Duration firstByte, Duration between, int chunkChars) {
    Pace {
      Check.that(!firstByte.isNegative(), "firstByteAfter must not be negative, was %s", firstByte);
      Check.that(!between.isNegative(), "the pause must not be negative, was %s", between);
      Check.that(chunkChars >= 1, "a chunk has at least 1 character, was %d", chunkChars);
    }
  }

  /** Where a stream breaks, counted in pieces of content. */
  record Break(long after, Kind kind, Optional<Fault> fault) {
    enum Kind {
      RESET,
      CLOSE,
      DROP,
      SILENCE,
      ERROR,
      GARBAGE
    }

    static final Break NEVER = new Break(Long.MAX_VALUE, Kind.CLOSE, Optional.empty());

    Break {
      Check.that(after >= 0, "cannot break after %d chunks", after);
    }
  }

  /** All that makes up a completion. */
  record Parts(
      List<Choice> choices,
      Optional<Usage> usage,
      List<Header> headers,
      Pace pace,
      Break broken,
      Shape shape,
      Optional<String> contentType) {
    Parts {
      choices = List.copyOf(choices);
      headers = List.copyOf(headers);
    }
  }

  private final Parts parts;
  private final Renderings renderings = new Renderings();

  private Completion(Parts parts) {
    this.parts = parts;
  }

  static Completion of(List<Choice> choices) {
    return new Completion(
        new Parts(
            choices,
            Optional.empty(),
            List.of(),
            new Pace(Duration.ZERO, Duration.ZERO, 16),
            Break.NEVER,
            Shape.WHOLE,
            Optional.empty()));
  }

  Parts parts() {
    return parts;
  }

  Renderings renderings() {
    return renderings;
  }

  /** With that reason of having stopped, for all choices. */
  public Completion finish(Finish finish) {
    return choices(parts.choices().stream().map(choice -> choice.finish(finish)).toList());
  }

  /** With one call of a tool more, in the first choice. */
  public Completion andToolCall(String name, String arguments) {
    Choice first = parts.choices().getFirst();
    List<ToolCall> calls =
        Stream.concat(first.calls().stream(), Stream.of(new ToolCall(name, arguments))).toList();
    Choice changed = new Choice(first.text(), calls, first.refusal(), Finish.TOOL_CALLS);
    return choices(Stream.concat(Stream.of(changed), parts.choices().stream().skip(1)).toList());
  }

  private Completion choices(List<Choice> choices) {
    return new Completion(
        new Parts(
            choices,
            parts.usage(),
            parts.headers(),
            parts.pace(),
            parts.broken(),
            parts.shape(),
            parts.contentType()));
  }

  /**
   * With those numbers of tokens, each 0 or more; unless told, a token is four bytes of the request
   * and four characters of the answer.
   */
  public Completion usage(long input, long output) {
    return new Completion(
        new Parts(
            parts.choices(),
            Optional.of(new Usage(input, output)),
            parts.headers(),
            parts.pace(),
            parts.broken(),
            parts.shape(),
            parts.contentType()));
  }

  /** With one header more, a rate limit's say. */
  public Completion header(String name, String value) {
    return headers(List.of(new Header(name, value)));
  }

  Completion headers(List<Header> more) {
    return new Completion(
        new Parts(
            parts.choices(),
            parts.usage(),
            Stream.concat(parts.headers().stream(), more.stream()).toList(),
            parts.pace(),
            parts.broken(),
            parts.shape(),
            parts.contentType()));
  }

  /** Waits before the first byte of the answer, head included. */
  public Completion firstByteAfter(Duration wait) {
    return pace(new Pace(wait, parts.pace().between(), parts.pace().chunkChars()));
  }

  /** Cuts a stream's text every so many characters, 16 unless told, with that pause in between. */
  public Completion chunks(int chars, Duration pause) {
    return pace(new Pace(parts.pace().firstByte(), pause, chars));
  }

  private Completion pace(Pace pace) {
    return new Completion(
        new Parts(
            parts.choices(),
            parts.usage(),
            parts.headers(),
            pace,
            parts.broken(),
            parts.shape(),
            parts.contentType()));
  }

  /**
   * Cuts a stream with a TCP reset after that many pieces of content; 0 is before the first token,
   * as many as there are or more is before the reason of having stopped.
   */
  public Completion resetAfter(long chunks) {
    return breaking(new Break(chunks, Break.Kind.RESET, Optional.empty()));
  }

  /**
   * Closes a stream in good order there, but without its end: it looks complete to the careless.
   */
  public Completion cutAfter(long chunks) {
    return breaking(new Break(chunks, Break.Kind.CLOSE, Optional.empty()));
  }

  /** Closes the connection there although neither the stream nor the message is at its end. */
  public Completion dropAfter(long chunks) {
    return breaking(new Break(chunks, Break.Kind.DROP, Optional.empty()));
  }

  /** Says no more from there on, and keeps the connection. */
  public Completion silentAfter(long chunks) {
    return breaking(new Break(chunks, Break.Kind.SILENCE, Optional.empty()));
  }

  /** Says that error within the stream there, and ends it. */
  public Completion errorAfter(long chunks, Fault fault) {
    return breaking(
        new Break(chunks, Break.Kind.ERROR, Optional.of(requireNonNull(fault, "fault"))));
  }

  /** Sends an event there whose data is no JSON, then goes on. */
  public Completion garbageAfter(long chunks) {
    return breaking(new Break(chunks, Break.Kind.GARBAGE, Optional.empty()));
  }

  private Completion breaking(Break broken) {
    return new Completion(
        new Parts(
            parts.choices(),
            parts.usage(),
            parts.headers(),
            parts.pace(),
            broken,
            parts.shape(),
            parts.contentType()));
  }

  /** A body that is no JSON, or a stream of one event that is none. */
  public Completion invalidJson() {
    return shape(Shape.INVALID);
  }

  /** Half of the body with a length that says it is all, or a stream that ends within an event. */
  public Completion truncatedJson() {
    return shape(Shape.TRUNCATED);
  }

  /** A 200 without a body, or a stream without an event. */
  public Completion emptyBody() {
    return shape(Shape.EMPTY);
  }

  private Completion shape(Shape shape) {
    return new Completion(
        new Parts(
            parts.choices(),
            parts.usage(),
            parts.headers(),
            parts.pace(),
            parts.broken(),
            shape,
            parts.contentType()));
  }

  /** With that {@code Content-Type} instead of the right one, streams too. */
  public Completion contentType(String type) {
    return new Completion(
        new Parts(
            parts.choices(),
            parts.usage(),
            parts.headers(),
            parts.pace(),
            parts.broken(),
            parts.shape(),
            Optional.of(type)));
  }

  /** How many choices it has and what becomes of them. */
  @Override
  public String toString() {
    return "Completion[" + parts.choices().size() + " choices, " + parts.shape() + "]";
  }
}
