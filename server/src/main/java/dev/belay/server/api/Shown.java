package dev.belay.server.api;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What an error may repeat of what a client sent. A text that is long or strange may be a secret in
 * the wrong place, so only its length is told.
 */
final class Shown {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_. -]{0,64}");
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_./-]{0,128}");

  private Shown() {}

  static String text(String text) {
    return PLAIN.matcher(text).matches() ? text : "(%d characters)".formatted(text.length());
  }

  static String path(String path) {
    return PATH.matcher(path).matches() ? path : "this path";
  }

  /** A number, true, false or null as it is; a text within reason; of the rest what it is. */
  static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case NUMBER ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? (Object) node.longValue()
              : finite(node);
      case BOOLEAN -> node.booleanValue();
      case STRING -> text(node.stringValue());
      case ARRAY -> "(a list)";
      case OBJECT -> "(an object)";
      case NULL, MISSING -> "null";
      case BINARY, POJO -> "(unknown)";
    };
  }

  private static Object finite(JsonNode node) {
    double value = node.doubleValue();
    return Double.isFinite(value) ? (Object) value : "(a number out of range)";
  }
}
