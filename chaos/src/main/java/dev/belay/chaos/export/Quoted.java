package dev.belay.chaos.export;

/** Texts as Java writes them. */
final class Quoted {
  private Quoted() {}

  /** A literal in ASCII, whatever is in the text. */
  static String of(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one == '"' || one == '\\') {
        literal.append('\\').append(one);
      } else if (one >= ' ' && one <= '~') {
        literal.append(one);
      } else if (one < ' ') {
        literal.append("\\%03o".formatted((int) one)); // an escape by code would end the line
      } else {
        literal.append("\\u%04x".formatted((int) one));
      }
    }
    return literal.append('"').toString();
  }
}
