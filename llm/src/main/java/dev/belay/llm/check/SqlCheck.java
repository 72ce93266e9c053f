package dev.belay.llm.check;

import dev.belay.llm.check.code.SqlScript;
import dev.belay.llm.json.Fence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code sql} and {@code sql_safe}: the answer is SQL that does nothing but what it may.
 *
 * @param kinds what statements may do, such as {@code select}; none for everything
 * @param tables which tables they may name; none for all
 */
record SqlCheck(String name, boolean single, List<String> kinds, List<String> tables)
    implements Validator {

  SqlCheck {
    kinds = List.copyOf(kinds);
    tables = List.copyOf(tables);
  }

  static Validator any(Params params) {
    return of("sql", params, List.of());
  }

  static Validator safe(Params params) {
    return of("sql_safe", params, List.of("select"));
  }

  private static Validator of(String name, Params params, List<String> otherwise) {
    List<String> kinds = lower(params.textsOrNone("kinds"));
    return new SqlCheck(
        name,
        params.flag("single_statement", true),
        kinds.isEmpty() ? otherwise : kinds,
        lower(params.textsOrNone("tables")));
  }

  private static List<String> lower(List<String> texts) {
    return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public Cost cost() {
    return Cost.MODEST;
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    SqlScript script = SqlScript.of(sql(answer.text()));
    List<Problem> problems = new ArrayList<>();
    script
        .faults()
        .forEach(fault ->
            problems.add(
                one("the answer is not SQL, " + fault, "Write correct SQL and nothing else.")));
    if (single && script.statements().size() > 1) {
      problems.add(
          one(
              "the answer has %d statements, and may have 1".formatted(script.statements().size()),
              "Write one statement."));
    }
    script.statements().forEach(statement -> check(statement, problems));
    return Finding.of(answer, problems);
  }

  /** The one fenced block, or all there is. */
  private static String sql(String text) {
    return Fence.in(text).stream()
        .filter(fence -> fence.language().isEmpty() || fence.language().contains("sql"))
        .findFirst()
        .map(fence -> fence.of(text))
        .orElse(text);
  }

  private void check(SqlScript.Part statement, List<Problem> problems) {
    for (String kind : statement.kinds()) {
      if (!kinds.isEmpty() && !kinds.contains(kind)) {
        problems.add(
            one(
                "a statement would %s, and may only %s".formatted(kind, String.join(", ", kinds)),
                "Leave it out."));
      }
    }
    if (tables.isEmpty()) {
      return;
    }
    if (!statement.tablesKnown()) {
      problems.add(one("it cannot be told which tables a statement uses", "Write it more simply."));
    }
    for (String table : statement.tables()) {
      if (!tables.contains(table)
          && !tables.contains(table.substring(table.lastIndexOf('.') + 1))) {
        problems.add(
            one(
                "a statement names the table '%s', and may name only %s"
                    .formatted(Texts.shortened(table), String.join(", ", tables)),
                "Use those tables."));
      }
    }
  }

  private Problem one(String message, String suggestion) {
    return Problem.of(name, message, suggestion);
  }
}
