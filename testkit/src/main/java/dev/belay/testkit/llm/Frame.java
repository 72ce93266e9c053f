package dev.belay.testkit.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One piece of a stream; the content ones are what a script counts. */
record Frame(String text, boolean content) {

  static Frame data(Object value, boolean content) {
    return new Frame("data: " + Json.text(value) + "\n\n", content);
  }

  static Frame event(String name, Object value, boolean content) {
    return new Frame("event: " + name + "\ndata: " + Json.text(value) + "\n\n", content);
  }

  Frame half() {
    return new Frame(text.substring(0, text.length() / 2), content);
  }

  byte[] bytes() {
    return text.getBytes(UTF_8);
  }
}
