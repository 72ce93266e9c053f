package dev.belay.chaos.trace.read;

import java.util.ArrayList;
import java.util.List;

/** A key and a value of any type, as text. */
record Attribute(String key, String value) {
  private static final int DEEPEST = 8;

  // KeyValue, AnyValue, ArrayValue and KeyValueList
  private static final int KEY = Fields.tag(1, Fields.BYTES);
  private static final int VALUE = Fields.tag(2, Fields.BYTES);
  private static final int TEXT = Fields.tag(1, Fields.BYTES);
  private static final int TRUTH = Fields.tag(2, Fields.VARINT);
  private static final int WHOLE = Fields.tag(3, Fields.VARINT);
  private static final int NUMBER = Fields.tag(4, Fields.FIXED64);
  private static final int LIST = Fields.tag(5, Fields.BYTES);
  private static final int MAP = Fields.tag(6, Fields.BYTES);
  private static final int RAW = Fields.tag(7, Fields.BYTES);
  private static final int ITEM = Fields.tag(1, Fields.BYTES);

  /** What an event says: its name and its attributes, but for stack traces, which are long. */
  static String line(String name, List<Attribute> attributes) {
    StringBuilder line = new StringBuilder(name);
    for (Attribute attribute : attributes) {
      if (!attribute.key().equals("exception.stacktrace")) {
        line.append(line.isEmpty() ? "" : " ").append(attribute);
      }
    }
    return line.toString();
  }

  static Attribute read(Fields fields, int depth) throws UnreadableSpans {
    String key = "";
    String value = "";
    while (fields.next()) {
      if (fields.tag() == KEY) {
        key = fields.text();
      } else if (fields.tag() == VALUE) {
        value = value(fields.message(), depth);
      } else {
        fields.skip();
      }
    }
    return new Attribute(key, value);
  }

  private static String value(Fields fields, int depth) throws UnreadableSpans {
    if (depth > DEEPEST) {
      throw UnreadableSpans.wrong("an attribute is nested deeper than %d".formatted(DEEPEST));
    }
    String value = "";
    while (fields.next()) {
      int tag = fields.tag();
      if (tag == TEXT) {
        value = fields.text();
      } else if (tag == TRUTH) {
        value = String.valueOf(fields.varint() != 0);
      } else if (tag == WHOLE) {
        value = String.valueOf(fields.varint());
      } else if (tag == NUMBER) {
        value = String.valueOf(Double.longBitsToDouble(fields.fixed64()));
      } else if (tag == LIST) {
        value = items(fields.message(), depth, true);
      } else if (tag == MAP) {
        value = items(fields.message(), depth, false);
      } else if (tag == RAW) {
        value = fields.hex();
      } else {
        fields.skip();
      }
    }
    return value;
  }

  private static String items(Fields fields, int depth, boolean list) throws UnreadableSpans {
    List<String> items = new ArrayList<>();
    while (fields.next()) {
      if (fields.tag() != ITEM || items.size() == Draft.MOST) {
        fields.skip();
      } else if (list) {
        items.add(value(fields.message(), depth + 1));
      } else {
        items.add(read(fields.message(), depth + 1).toString());
      }
    }
    return items.toString();
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
