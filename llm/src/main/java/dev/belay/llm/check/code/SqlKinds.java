package dev.belay.llm.check.code;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import net.sf.jsqlparser.statement.ExplainStatement;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.delete.ParenthesedDelete;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.insert.ParenthesedInsert;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.update.ParenthesedUpdate;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.util.TablesNamesFinder;

/** Walks through a statement and notes what it does, also inside of it. */
final class SqlKinds extends TablesNamesFinder<Void> {
  private final Set<String> kinds = new TreeSet<>();

  private SqlKinds() {}

  static SqlScript.Part of(Statement statement) {
    SqlKinds walk = new SqlKinds();
    walk.kinds.add(kind(statement));
    Set<String> tables = new TreeSet<>();
    boolean known = true;
    try {
      for (String table : walk.getTables(statement)) {
        tables.add(plain(table));
      }
    } catch (UnsupportedOperationException unknown) {
      known = false;
    }
    if (statement instanceof ExplainStatement explain && explain.getStatement() != null) {
      SqlScript.Part inner = of(explain.getStatement());
      walk.kinds.addAll(inner.kinds());
      tables.addAll(inner.tables());
      known &= inner.tablesKnown();
    }
    return new SqlScript.Part(walk.kinds, tables, known);
  }

  /** The first word of what the parser calls it: a {@code CreateTable} is a create. */
  private static String kind(Statement statement) {
    if (statement instanceof Select) {
      return "select";
    }
    String name = statement.getClass().getSimpleName().replace("Parenthesed", "");
    int end = 1;
    while (end < name.length() && Character.isLowerCase(name.charAt(end))) {
      end++;
    }
    return name.substring(0, end).toLowerCase(Locale.ROOT);
  }

  private static String plain(String table) {
    return table.replaceAll("[\"`\\[\\]]", "").toLowerCase(Locale.ROOT);
  }

  @Override
  public <S> Void visit(PlainSelect select, S context) {
    if (select.getIntoTables() != null && !select.getIntoTables().isEmpty()) {
      kinds.add("create"); // SELECT … INTO makes a table
    }
    return super.visit(select, context);
  }

  @Override
  public <S> Void visit(Delete delete, S context) {
    kinds.add("delete");
    return super.visit(delete, context);
  }

  @Override
  public <S> Void visit(ParenthesedDelete delete, S context) {
    kinds.add("delete");
    return super.visit(delete, context);
  }

  @Override
  public <S> Void visit(Update update, S context) {
    kinds.add("update");
    return super.visit(update, context);
  }

  @Override
  public <S> Void visit(ParenthesedUpdate update, S context) {
    kinds.add("update");
    return super.visit(update, context);
  }

  @Override
  public <S> Void visit(Insert insert, S context) {
    kinds.add("insert");
    return super.visit(insert, context);
  }

  @Override
  public <S> Void visit(ParenthesedInsert insert, S context) {
    kinds.add("insert");
    return super.visit(insert, context);
  }

  @Override
  public <S> Void visit(Merge merge, S context) {
    kinds.add("merge");
    return super.visit(merge, context);
  }
}
