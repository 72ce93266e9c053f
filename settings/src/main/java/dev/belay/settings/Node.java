package dev.belay.settings;

import java.util.List;

/** A part of a YAML document that knows its line. */
public sealed interface Node {

  /** Where it starts, counted from 1. */
  int line();

  /** What it is, in the words of a message. */
  String what();

  /** Keys and values in the order of the file; a key may be there twice. */
  record Mapping(int line, List<Member> members) implements Node {
    @Override
    public String what() {
      return "a mapping";
    }
  }

  /** A key and its value. */
  record Member(String key, int line, Node value) {}

  /** A list. */
  record Sequence(int line, List<Node> items) implements Node {
    @Override
    public String what() {
      return "a list";
    }
  }

  /** Anything else, with the text as it is written. */
  record Scalar(int line, Kind kind, String text) implements Node {
    @Override
    public String what() {
      return kind.words;
    }
  }

  /** What YAML takes a scalar for. */
  enum Kind {
    TEXT("text"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    NULL("nothing");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }
}
