package dev.belay.llm.check;

import dev.belay.llm.check.code.Fault;
import dev.belay.llm.check.code.Syntax;
import dev.belay.llm.json.Fence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code code}: the code in the answer is well formed.
 *
 * @param language as it was asked for
 * @param least how many fenced blocks of the language there must be; 0 lets an answer without any
 *     block be code as a whole
 * @param block which block is looked at, from 1; 0 for all
 */
record CodeCheck(Syntax syntax, String language, int least, int block) implements Validator {
  private static final int MOST_BLOCKS = 1000;
  private static final int MOST_TOLD = 20;

  static Validator of(Params params) {
    String language = params.text("language", params.type().equals("python") ? "python" : "");
    if (language.isEmpty()) {
      throw params.bad("language", "given: one of " + String.join(", ", names(params).keySet()));
    }
    Syntax syntax = names(params).get(language);
    if (syntax == null) {
      throw params.bad("language", "one of " + String.join(", ", names(params).keySet()));
    }
    return new CodeCheck(
        syntax,
        language,
        params.whole("min_blocks", 0, 0, MOST_BLOCKS),
        params.whole("block", 0, 0, MOST_BLOCKS));
  }

  private static TreeMap<String, Syntax> names(Params params) {
    TreeMap<String, Syntax> names = new TreeMap<>();
    for (Syntax syntax : params.languages()) {
      syntax.names().forEach(name -> names.put(name, syntax));
    }
    return names;
  }

  @Override
  public String name() {
    return "code";
  }

  @Override
  public Cost cost() {
    return Cost.MODEST;
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    String text = answer.text();
    List<Fence> all = Fence.in(text);
    List<Fence> ours =
        all.stream()
            .filter(
                fence -> fence.language().isEmpty() || syntax.names().contains(fence.language()))
            .toList();
    int needed = Math.max(Math.max(least, block), all.isEmpty() ? 0 : 1);
    if (ours.size() < needed) {
      return Finding.invalid(
          Problem.of(
              name(),
              "the answer has %d blocks of %s, and must have at least %d"
                  .formatted(ours.size(), language, needed),
              "Put the code into a block that begins with ```%s.".formatted(language)));
    }
    if (ours.isEmpty()) {
      return Finding.of(answer, problems("the answer", text, 1));
    }
    return Finding.of(answer, problems(ours, text));
  }

  private List<Problem> problems(List<Fence> fences, String text) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < fences.size() && problems.size() < MOST_TOLD; i++) {
      if (block != 0 && block != i + 1) {
        continue;
      }
      Fence fence = fences.get(i);
      String where = "block %d".formatted(i + 1);
      if (!fence.closed()) {
        problems.add(
            Problem.of(
                name(),
                where + " has no end: the answer is cut off",
                "Answer more briefly, so that the end is not cut off."));
      } else {
        problems.addAll(problems(where, fence.of(text), fence.line()));
      }
    }
    return problems;
  }

  private List<Problem> problems(String where, String code, int firstLine) {
    if (code.isBlank()) {
      return List.of(Problem.of(name(), where + " is empty", "Write the code."));
    }
    List<Problem> problems = new ArrayList<>();
    for (Fault fault : syntax.faults(code)) {
      if (problems.size() == MOST_TOLD) {
        break;
      }
      problems.add(
          Problem.of(name(), "%s, %s".formatted(where, fault), "Write correct " + language + ".")
              .withDetail("line %d of the answer".formatted(firstLine + fault.line() - 1)));
    }
    return problems;
  }

  /** The first block without its end mark given one, if that is all there is to it. */
  @Override
  public Optional<Answer> fix(Answer answer) {
    boolean cut = Fence.in(answer.text()).stream().anyMatch(fence -> !fence.closed());
    return cut ? Optional.of(answer.withText(answer.text() + "\n```\n")) : Optional.empty();
  }
}
