package dev.belay.proxy.source;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a list in JSON, item by item, so that it takes no more memory than its text. */
final class JsonItems {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern IPV6_FIRST = Pattern.compile("\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*].*");

  /** Where lists in an object are. */
  private static final Set<String> LISTS =
      Set.of("proxies", "data", "results", "items", "list", "servers", "endpoints");

  private final JsonParser parser;
  private final Harvest harvest;
  private int items;

  private JsonItems(JsonParser parser, Harvest harvest) {
    this.parser = parser;
    this.harvest = harvest;
  }

  /** Whether a text, without white space before it, starts like JSON and not like an address. */
  static boolean isJson(String text) {
    if (text.startsWith("{")) {
      return true;
    }
    int end = text.indexOf('\n');
    String line = (end < 0 ? text : text.substring(0, end)).strip();
    return text.startsWith("[") && !IPV6_FIRST.matcher(line).matches();
  }

  /**
   * Harvests all items.
   *
   * @throws ListRefused if it is no JSON, or has no list in it
   */
  static void read(String text, Harvest harvest) {
    try (JsonParser parser = JSON.createParser(text)) {
      new JsonItems(parser, harvest).document();
    } catch (JacksonException malformed) {
      int line = malformed.getLocation() == null ? 0 : malformed.getLocation().getLineNr();
      throw new ListRefused("the list starts like JSON but is malformed in line " + line);
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text can always be read", impossible);
    }
  }

  private void document() throws IOException {
    boolean found = parser.nextToken() == JsonToken.START_ARRAY;
    if (found) {
      list();
    } else {
      found = object();
    }
    if (!found) {
      throw new ListRefused(
          "the list is JSON without an array, alone or under proxies, data, results or items");
    }
    // half a document is as bad as a malformed one
    while (parser.nextToken() != null) {
      var unused = parser.skipChildren();
    }
  }

  /** Whether the object has a list in it. */
  private boolean object() throws IOException {
    boolean found = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName().toLowerCase(Locale.ROOT);
      if (parser.nextToken() == JsonToken.START_ARRAY && LISTS.contains(name)) {
        found = true;
        list();
      } else {
        var unused = parser.skipChildren();
      }
    }
    return found;
  }

  private void list() throws IOException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY && token != null;
        token = parser.nextToken()) {
      harvest.count();
      String place =
          "item %d, line %d".formatted(++items, parser.currentTokenLocation().getLineNr());
      switch (token) {
        case VALUE_STRING -> harvest.take(place, parser.getText().strip());
        case START_OBJECT -> harvest.take(place, fields());
        default -> {
          var unused = parser.skipChildren();
          harvest.refuse(place, "is neither a text nor an object");
        }
      }
    }
  }

  private Fields fields() throws IOException {
    Fields fields = new Fields();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        fields.put(name, parser.getText());
      } else if (token == JsonToken.START_ARRAY) {
        fields.put(name, words());
      } else {
        var unused = parser.skipChildren();
      }
    }
    return fields;
  }

  /** The texts of an array, as one. */
  private String words() throws IOException {
    StringBuilder words = new StringBuilder();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY && token != null;
        token = parser.nextToken()) {
      if (token.isScalarValue()) {
        words.append(parser.getText()).append(' ');
      } else {
        var unused = parser.skipChildren();
      }
    }
    return words.toString();
  }
}
