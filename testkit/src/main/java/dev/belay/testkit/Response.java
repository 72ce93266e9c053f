package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A well-formed HTTP/1.1 response, which may come late or be cut. Each method returns a changed
 * copy. Immutable.
 *
 * <pre>{@code
 * Reply.status(200)
 *     .header("Content-Type", "text/event-stream")
 *     .chunked(Duration.ofMillis(50), "data: 1\n\n", "data: 2\n\n")
 *     .resetAfter(20);
 * }</pre>
 *
 * A response to HEAD, and one with status 1xx, 204 or 304, is sent without its body.
 */
public final class Response implements Reply {
  /** The JDK's own RFC 1123 format writes a day below 10 with one digit, HTTP wants two. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  enum Delimiter {
    LENGTH,
    CHUNKS,
    CLOSE
  }

  /** How the connection goes on after the response. */
  enum Ending {
    KEEP,
    /** Announced with {@code Connection: close}. */
    CLOSE,
    /** Closed although nothing announced it. */
    STALE,
    RESET,
    TRUNCATE
  }

  record Body(Delimiter delimiter, List<byte[]> pieces, Duration between) {
    static final Body EMPTY = new Body(Delimiter.LENGTH, List.of(), Duration.ZERO);

    long length() {
      return pieces.stream().mapToLong(piece -> piece.length).sum();
    }
  }

  /** Everything but the status and the headers. */
  record Course(Body body, Duration delay, Duration bodyDelay, Ending ending, long cutAfter) {}

  private final int status;
  private final List<Header> headers;
  private final Course course;

  private Response(int status, List<Header> headers, Course course) {
    Check.that(
        status >= 100 && status <= 999, "status must be between 100 and 999, was %d", status);
    Check.that(!course.delay().isNegative(), "delay must not be negative, was %s", course.delay());
    Check.that(
        !course.bodyDelay().isNegative() && !course.body().between().isNegative(),
        "delays must not be negative");
    Check.that(course.cutAfter() >= 0, "cannot cut after %d bytes", course.cutAfter());
    this.status = status;
    this.headers = List.copyOf(headers);
    this.course = course;
  }

  static Response of(int status) {
    return new Response(
        status,
        List.of(),
        new Course(Body.EMPTY, Duration.ZERO, Duration.ZERO, Ending.KEEP, Long.MAX_VALUE));
  }

  /** The status, from 100 to 999. */
  public int status() {
    return status;
  }

  /** The headers that were asked for; those that frame the body come on top when it is sent. */
  public List<Header> headers() {
    return headers;
  }

  Course course() {
    return course;
  }

  /** With one header more; a name may come more than once. */
  public Response header(String name, String value) {
    return headers(Stream.of(new Header(name, value)));
  }

  /** With {@code count} filler headers more ({@code X-Filler-0: 0} and so on), 0 to 1,000,000. */
  public Response manyHeaders(int count) {
    return headers(fillers(count));
  }

  static Stream<Header> fillers(int count) {
    Check.that(count >= 0 && count <= 1_000_000, "0 to 1000000 headers, was %d", count);
    return IntStream.range(0, count)
        .mapToObj(i -> new Header("X-Filler-" + i, Integer.toString(i)));
  }

  private Response headers(Stream<Header> more) {
    return new Response(status, Stream.concat(headers.stream(), more).toList(), course);
  }

  /** With {@code Retry-After} in seconds; any number, since servers send any. */
  public Response retryAfterSeconds(long seconds) {
    return header("Retry-After", Long.toString(seconds));
  }

  /** With {@code Retry-After} as an HTTP date, which counts in whole seconds. */
  public Response retryAfter(Instant date) {
    return header("Retry-After", HTTP_DATE.format(date.atOffset(ZoneOffset.UTC)));
  }

  /** With that text in UTF-8 as the body, framed by its length. */
  public Response body(String text) {
    return body(text.getBytes(UTF_8));
  }

  /** With these bytes as the body, framed by their length. */
  public Response body(byte[] bytes) {
    return body(new Body(Delimiter.LENGTH, List.of(bytes.clone()), Duration.ZERO));
  }

  /** With one chunk for each piece in UTF-8, and that pause before each but the first. */
  public Response chunked(Duration between, String... pieces) {
    return body(pieces(Delimiter.CHUNKS, between, pieces));
  }

  /**
   * As long as all pieces together, sent piece by piece with that pause before each but the first.
   */
  public Response trickled(Duration between, String... pieces) {
    return body(pieces(Delimiter.LENGTH, between, pieces));
  }

  private static Body pieces(Delimiter delimiter, Duration between, String... pieces) {
    List<byte[]> bytes = new ArrayList<>();
    for (String piece : pieces) {
      if (!piece.isEmpty()) { // an empty chunk would be the end
        bytes.add(piece.getBytes(UTF_8));
      }
    }
    return new Body(delimiter, List.copyOf(bytes), between);
  }

  /** With the same body, but its end is where the connection closes. */
  public Response untilClose() {
    return body(new Body(Delimiter.CLOSE, course.body().pieces(), course.body().between()));
  }

  private Response body(Body body) {
    return with(
        new Course(body, course.delay(), course.bodyDelay(), course.ending(), course.cutAfter()));
  }

  /** Waits before the status line. */
  public Response delayed(Duration delay) {
    return with(
        new Course(course.body(), delay, course.bodyDelay(), course.ending(), course.cutAfter()));
  }

  /** Sends the head, then waits before the body. */
  public Response bodyDelayed(Duration delay) {
    return with(
        new Course(course.body(), course.delay(), delay, course.ending(), course.cutAfter()));
  }

  /** Says {@code Connection: close} and does it. */
  public Response closing() {
    return ending(Ending.CLOSE, Long.MAX_VALUE);
  }

  /** Closes right after the response, though nothing in it says so: a stale pooled connection. */
  public Response stale() {
    return ending(Ending.STALE, Long.MAX_VALUE);
  }

  /** Sends the head, then cuts the connection with a TCP reset. */
  public Response resetAfterHead() {
    return resetAfter(0);
  }

  /** Sends the head and at most that many bytes of the body, then a TCP reset. */
  public Response resetAfter(long bodyBytes) {
    return ending(Ending.RESET, bodyBytes);
  }

  /**
   * Sends the head and at most that many bytes of the body, then closes. The head announces at
   * least one byte more than that; chunks end without the last one.
   */
  public Response truncatedAfter(long bodyBytes) {
    return ending(Ending.TRUNCATE, bodyBytes);
  }

  private Response ending(Ending ending, long cutAfter) {
    return with(new Course(course.body(), course.delay(), course.bodyDelay(), ending, cutAfter));
  }

  private Response with(Course changed) {
    return new Response(status, headers, changed);
  }

  /** The status and the length of the body. */
  @Override
  public String toString() {
    return "Response[" + status + ", " + course.body().length() + " bytes]";
  }
}
