package dev.belay.llm.check;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/** A text as its words: without case, punctuation, and the many ways to write the same sign. */
record Words(List<String> all) {
  Words {
    all = List.copyOf(all);
  }

  static Words of(String text) {
    String plain = Texts.folded(Normalizer.normalize(text, Normalizer.Form.NFKC));
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int at = 0; at <= plain.length(); ) {
      int c = at < plain.length() ? plain.codePointAt(at) : ' ';
      boolean alone = Character.isIdeographic(c);
      boolean inside = Characters.isOfWord(c) && !alone;
      if (start >= 0 && !inside) {
        words.add(plain.substring(start, at));
        start = -1;
      }
      int next = at + Character.charCount(c);
      if (alone) {
        words.add(plain.substring(at, next));
      } else if (inside && start < 0) {
        start = at;
      }
      at = next;
    }
    return new Words(words);
  }

  /** With a space around each word, so that one text is in another exactly if its words are. */
  String joined() {
    return " " + String.join(" ", all) + " ";
  }

  /** The words from one place on, joined. */
  String gram(int from, int length) {
    return String.join(" ", all.subList(from, from + length));
  }
}
