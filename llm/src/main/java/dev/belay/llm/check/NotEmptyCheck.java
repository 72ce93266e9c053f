package dev.belay.llm.check;

import dev.belay.llm.Finish;

/** {@code response_not_empty}: the answer says something, or asks for a tool. */
record NotEmptyCheck() implements Validator {

  @Override
  public String name() {
    return "response_not_empty";
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    if (!answer.toolCalls().isEmpty() || answer.text().codePoints().anyMatch(Characters::isSeen)) {
      return Finding.valid(answer);
    }
    return Finding.invalid(
        Problem.of(
            name(),
            why(answer),
            "Answer the question with text.",
            "If you cannot answer it, say why."));
  }

  private static String why(Answer answer) {
    if (!answer.refusal().isBlank()) {
      return "the answer is a refusal: " + Texts.shortened(answer.refusal());
    }
    return answer.finish() == Finish.LENGTH
        ? "the answer is empty: all tokens went elsewhere before it began"
        : "the answer is empty";
  }
}
