package dev.belay.chaos.trace;

import java.util.List;
import java.util.regex.Pattern;

/** Names of operations without what differs from request to request. */
public final class Operations {
  private static final Pattern INSTANCE =
      Pattern.compile(
          "(?<=[/=:])(?:\\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?=[0-9a-fA-F]*\\d)[0-9a-fA-F]{12,})(?=$|[/?&#: ])");

  private Operations() {}

  /**
   * A name with the ids of instances collapsed: {@code GET /orders/17} becomes {@code GET
   * /orders/{}}. Numbers, UUIDs and hexadecimal ids of 12 digits and more count as ids where they
   * are a whole part of a path or a parameter.
   */
  public static String collapsed(String operation) {
    return INSTANCE.matcher(operation).replaceAll("{}");
  }

  /** The collapsed names of the spans of a trace, with their services, by start. */
  public static List<String> sequence(Trace trace) {
    return trace.spans().stream().map(Operations::nameOf).toList();
  }

  /** The service and the collapsed operation of a span: what is compared between traces. */
  public static String nameOf(Span span) {
    return span.service() + " " + collapsed(span.operation());
  }
}
