package dev.belay.testkit.llm;

/** How a dialect names an error; an empty type or code is said as null. */
record Wording(int status, String type, String code, String message) {

  /** The same with what a fault says otherwise. */
  Wording with(Fault fault, Dialect dialect, String asked) {
    Fault.Words words = fault.words();
    String said =
        words
            .get(Fault.Word.MESSAGE)
            .orElseGet(() ->
                fault
                    .hint()
                    .filter(hint -> Hints.says(hint, HintForm.MESSAGE, dialect))
                    .map(hint -> message + asked.formatted(Lengths.go(hint.after())))
                    .orElse(message));
    return new Wording(
        words.status().orElse(status),
        words.get(Fault.Word.TYPE).orElse(type),
        words.get(Fault.Word.CODE).orElse(code),
        said);
  }
}
