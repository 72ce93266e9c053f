package dev.belay.llm.json;

import dev.belay.llm.json.Repair.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one JSON value that may be written badly. Each step reads at least one character or ends,
 * so it takes time in proportion to the text. For one thread.
 */
final class RepairParser {
  private final RepairText in;
  private final RepairStrings strings;
  private final RepairWords words;
  private final int mostNested;

  /** The brackets that are open, the innermost last: what may close them. */
  private final StringBuilder open = new StringBuilder();

  RepairParser(RepairText in, int mostNested, NanPolicy nan) {
    this.in = in;
    this.mostNested = mostNested;
    this.strings = new RepairStrings(in);
    this.words = new RepairWords(in, nan);
  }

  /** The value that begins where the text stands; empty if it is cut before anything is known. */
  Optional<Json> value(RepairStrings.Role role) {
    in.skipSpace();
    if (in.atEnd()) {
      in.note(Kind.TRUNCATED, "a value that is missing");
      return Optional.empty();
    }
    char c = in.peek();
    if (c == '{') {
      return Optional.of(object());
    }
    if (c == '[') {
      return Optional.of(array());
    }
    return RepairStrings.isQuote(c) ? Optional.of(Json.of(strings.read(role))) : words.read();
  }

  private Json object() {
    enter('}');
    Map<String, Json> members = new LinkedHashMap<>();
    while (!closed(members.isEmpty())) {
      int start = in.at;
      String name = name();
      if (in.atEnd()) {
        in.log.note(Kind.TRUNCATED, start, "a member without its value, left out");
        break;
      }
      colon(name);
      Optional<Json> value = value(RepairStrings.Role.MEMBER);
      if (value.isPresent() && members.put(name, value.get()) != null) {
        in.log.note(Kind.DUPLICATE, start, "the name '%s' once more".formatted(shortened(name)));
      }
    }
    open.setLength(open.length() - 1);
    return new Json.Obj(members);
  }

  private Json array() {
    enter(']');
    List<Json> items = new ArrayList<>();
    while (!closed(items.isEmpty())) {
      value(RepairStrings.Role.ITEM).ifPresent(items::add);
    }
    open.setLength(open.length() - 1);
    return new Json.Arr(items);
  }

  private void enter(char closer) {
    if (open.length() == mostNested) {
      throw in.broken("it is nested deeper than " + mostNested);
    }
    open.append(closer);
    in.at++;
  }

  /** Reads up to the next member or item: the comma, or the end of what is open. */
  private boolean closed(boolean first) {
    boolean comma = first;
    for (in.skipSpace(); in.peek() == ',' && !in.atEnd(); in.skipSpace()) {
      if (comma) {
        in.note(Kind.COMMA, "a comma too many");
      }
      comma = true;
      in.at++;
    }
    if (in.atEnd()) {
      in.note(Kind.TRUNCATED, "a closing '%c' that is missing".formatted(closer()));
      return true;
    }
    char c = in.peek();
    if (c == '}' || c == ']') {
      if (comma && !first) {
        in.note(Kind.COMMA, "a comma too many");
      }
      return close(c);
    }
    if (!comma) {
      in.note(Kind.COMMA, "a comma that is missing");
    }
    return false;
  }

  /**
   * A closer of something further out also closes this; one that fits nothing is taken for ours.
   */
  private boolean close(char c) {
    if (c != closer()) {
      in.note(Kind.BRACKET, "'%c' where '%c' belongs".formatted(c, closer()));
      if (open.lastIndexOf(String.valueOf(c)) >= 0) {
        return true;
      }
    }
    in.at++;
    return true;
  }

  private char closer() {
    return open.charAt(open.length() - 1);
  }

  private String name() {
    if (RepairStrings.isQuote(in.peek())) {
      return strings.read(RepairStrings.Role.NAME);
    }
    int start = in.at;
    int end = in.afterName(start);
    if (end == start) {
      throw in.broken("a name in quotes was expected, not " + in.shown());
    }
    in.note(Kind.QUOTES, "a name without quotes");
    in.at = end;
    return in.text.substring(start, end);
  }

  private void colon(String name) {
    in.skipSpace();
    if (in.peek() == ':') {
      in.at++;
    } else if (in.peek() == '=') {
      in.note(Kind.COLON, "'=' where ':' belongs");
      in.at += in.at(in.at + 1) == '>' ? 2 : 1;
    } else if (!in.atEnd()) {
      throw in.broken(
          "':' was expected after the name '%s', not %s".formatted(shortened(name), in.shown()));
    }
  }

  private static String shortened(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40) + "…";
  }
}
