package dev.belay.llm.check.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.statement.Statement;

/**
 * SQL as it was understood. Immutable.
 *
 * @param statements in order
 * @param faults why it was not understood
 */
public record SqlScript(List<Part> statements, List<Fault> faults) {
  private static final int LONGEST = 100_000;
  private static final int DEEPEST = 100;
  private static final int MOST_MILLIS = 5_000;

  /** Keeps copies. */
  public SqlScript {
    statements = List.copyOf(statements);
    faults = List.copyOf(faults);
  }

  /**
   * One statement.
   *
   * @param kinds what it does, such as {@code select} and {@code delete}, those inside it included
   * @param tables the tables it names, in lower case, without quotes, sorted
   * @param tablesKnown whether {@code tables} are all of them
   */
  public record Part(Set<String> kinds, Set<String> tables, boolean tablesKnown) {
    /** Keeps copies, sorted. */
    public Part {
      kinds = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(kinds));
      tables = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(tables));
    }
  }

  /** Reads SQL; texts that are too long, too deep or take too long are not understood. */
  public static SqlScript of(String sql) {
    if (sql.length() > LONGEST) {
      return broken(1, "more than %d characters".formatted(LONGEST));
    }
    if (sql.isBlank()) {
      return broken(1, "there is no statement in it");
    }
    if (CCJSqlParserUtil.getNestingDepth(sql) > DEEPEST) {
      return broken(1, "nested deeper than %d".formatted(DEEPEST));
    }
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Part> parts = new ArrayList<>();
      for (Statement statement :
          CCJSqlParserUtil.parseStatements(
              sql, thread, parser -> parser.withTimeOut(MOST_MILLIS))) {
        parts.add(SqlKinds.of(statement));
      }
      return parts.isEmpty()
          ? broken(1, "there is no statement in it")
          : new SqlScript(parts, List.of());
    } catch (JSQLParserException bad) {
      return broken(line(bad), message(bad));
    } catch (RuntimeException | StackOverflowError bad) {
      return broken(1, "not understood: " + bad);
    }
  }

  private static SqlScript broken(int line, String message) {
    return new SqlScript(List.of(), List.of(new Fault(line, message)));
  }

  private static int line(JSQLParserException bad) {
    return bad.getCause() instanceof ParseException broken && broken.currentToken != null
        ? Math.max(
            1,
            broken.currentToken.next == null
                ? broken.currentToken.beginLine
                : broken.currentToken.next.beginLine)
        : 1;
  }

  private static String message(JSQLParserException bad) {
    String message = String.valueOf(bad.getMessage());
    return message
            .lines()
            .findFirst()
            .orElse("not SQL")
            .toLowerCase(Locale.ROOT)
            .startsWith("encountered")
        ? message.lines().findFirst().orElse("not SQL")
        : "not SQL: " + message.lines().findFirst().orElse("");
  }
}
