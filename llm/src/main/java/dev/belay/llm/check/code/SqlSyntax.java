package dev.belay.llm.check.code;

import java.util.List;

/** SQL of the usual dialects. */
final class SqlSyntax implements Syntax {

  @Override
  public List<String> names() {
    return List.of("sql", "postgresql", "mysql", "sqlite");
  }

  @Override
  public List<Fault> faults(String source) {
    return SqlScript.of(source).faults();
  }
}
