package dev.belay.llm.check.code;

import java.util.List;

/**
 * Knows whether text is well formed in a language. Never runs it. Safe for any number of threads.
 * Give your own to {@code Validators.withLanguage}.
 */
public interface Syntax {

  /** The names of the language in lower case, as they stand after the marks of a fenced block. */
  List<String> names();

  /** What is not well formed, in the order of the text; nothing if all is. */
  List<Fault> faults(String source);

  /** The languages that are there from the start. */
  static List<Syntax> standard() {
    return List.of(
        new JavaSyntax(),
        new JsonSyntax(),
        new XmlSyntax(),
        new YamlSyntax(),
        new SqlSyntax(),
        new PythonSyntax());
  }
}
