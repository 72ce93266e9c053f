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

  /** What is said. */
  record Content(List<Choice> choices, Optional<Usage> usage) {
    Content {
      choices = List.copyOf(choices);
    }
  }

  /** What it is wrapped in. */
  record Dress(List<Header> headers, Optional<String> contentType, Shape shape) {
    Dress {
      headers = List.copyOf(headers);
    }
  }

  /** All that makes up a completion. */
  record Parts(Content content, Dress dress, Pace pace, Break broken) {}

  private final Parts parts;
  private final Renderings renderings = new Renderings();

  private Completion(Parts parts) {
    this.parts = parts;
  }

  static Completion of(List<Choice> choices) {
    return new Completion(
        new Parts(
            new Content(choices, Optional.empty()),
            new Dress(List.of(), Optional.empty(), Shape.WHOLE),
            new Pace(Duration.ZERO, Duration.ZERO, 16),
            Break.NEVER));
  }

  List<Choice> choices() {
    return parts.content().choices();
  }

  Parts parts() {
    return parts;
  }

  Renderings renderings() {
    return renderings;
  }

  /** With that reason of having stopped, for all choices. */
  public Completion finish(Finish finish) {
    return choices(choices().stream().map(choice -> choice.finish(finish)).toList());
  }

  /** With one call of a tool more, in the first choice. */
  public Completion andToolCall(String name, String arguments) {
    Choice first = choices().getFirst();
    List<ToolCall> calls =
        Stream.concat(first.calls().stream(), Stream.of(new ToolCall(name, arguments))).toList();
    Choice changed = new Choice(first.text(), calls, first.refusal(), Finish.TOOL_CALLS);
    return choices(Stream.concat(Stream.of(changed), choices().stream().skip(1)).toList());
  }

  private Completion choices(List<Choice> choices) {
    return content(new Content(choices, parts.content().usage()));
  }

  /**
   * With those numbers of tokens, each 0 or more; unless told, a token is four bytes of the request
   * and four characters of the answer.
   */
  public Completion usage(long input, long output) {
    return content(new Content(choices(), Optional.of(new Usage(input, output))));
  }

  private Completion content(Content content) {
    return new Completion(new Parts(content, parts.dress(), parts.pace(), parts.broken()));
  }

  /** With one header more, a rate limit's say. */
  public Completion header(String name, String value) {
    return headers(List.of(new Header(name, value)));
  }

  Completion headers(List<Header> more) {
    Dress old = parts.dress();
    List<Header> all = Stream.concat(old.headers().stream(), more.stream()).toList();
    return dress(new Dress(all, old.contentType(), old.shape()));
  }

  /** With that {@code Content-Type} instead of the right one, streams too. */
  public Completion contentType(String type) {
    return dress(new Dress(parts.dress().headers(), Optional.of(type), parts.dress().shape()));
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
    return dress(new Dress(parts.dress().headers(), parts.dress().contentType(), shape));
  }

  private Completion dress(Dress dress) {
    return new Completion(new Parts(parts.content(), dress, parts.pace(), parts.broken()));
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
    return new Completion(new Parts(parts.content(), parts.dress(), pace, parts.broken()));
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
    return new Completion(new Parts(parts.content(), parts.dress(), parts.pace(), broken));
  }

  /** How many choices it has and what becomes of them. */
  @Override
  public String toString() {
    return "Completion[" + choices().size() + " choices, " + parts.dress().shape() + "]";
  }
}
