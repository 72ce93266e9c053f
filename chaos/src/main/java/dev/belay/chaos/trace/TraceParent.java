package dev.belay.chaos.trace;

import dev.belay.Check;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request says of the trace that it belongs to, in W3C's header {@code traceparent}.
 *
 * @param trace 32 hexadecimal digits in lower case, not all zero
 * @param span the span that sends the request: 16 hexadecimal digits in lower case, not all zero
 * @param sampled whether the spans of this trace are to be recorded
 */
public record TraceParent(String trace, String span, boolean sampled) {
  /** The header's name. */
  public static final String HEADER = "traceparent";

  private static final int SAMPLED = 1;
  private static final Pattern TRACE = Pattern.compile("(?!0{32})[0-9a-f]{32}");
  private static final Pattern SPAN = Pattern.compile("(?!0{16})[0-9a-f]{16}");
  // Versions to come may say more after a dash; version 00 may not, and ff is none.
  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(%s)-(%s)-([0-9a-f]{2})(-.*)?"
              .formatted(TRACE.pattern(), SPAN.pattern()));

  public TraceParent {
    Check.that(
        TRACE.matcher(trace).matches(),
        "trace must be 32 hexadecimal digits in lower case, not all 0, was %s",
        trace);
    Check.that(
        SPAN.matcher(span).matches(),
        "span must be 16 hexadecimal digits in lower case, not all 0, was %s",
        span);
  }

  /** A new trace, sampled. */
  public static TraceParent random(RandomGenerator random) {
    HexFormat hex = HexFormat.of();
    String trace = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong() | 1);
    return new TraceParent(trace, hex.toHexDigits(random.nextLong() | 1), true);
  }

  /**
   * What a header says.
   *
   * @return nothing if it is not as W3C has it, in which case a new trace begins
   */
  public static Optional<TraceParent> parse(String header) {
    Matcher parts = FORM.matcher(header.strip());
    if (!parts.matches() || (parts.group(1).equals("00") && parts.group(5) != null)) {
      return Optional.empty();
    }
    boolean sampled = (HexFormat.fromHexDigits(parts.group(4)) & SAMPLED) != 0;
    return Optional.of(new TraceParent(parts.group(2), parts.group(3), sampled));
  }

  /** The header, in version 00. */
  public String header() {
    return "00-%s-%s-%s".formatted(trace, span, sampled ? "01" : "00");
  }
}
