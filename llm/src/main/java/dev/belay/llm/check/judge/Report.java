package dev.belay.llm.check.judge;

import dev.belay.llm.json.Json;

/** Reads members of a judge's report, which may lack them whatever the schema says. */
final class Report {
  private Report() {}

  static boolean flag(Json.Obj report, String name) {
    if (report.get(name).orElse(Json.EMPTY) instanceof Json.Bool bool) {
      return bool.value();
    }
    throw new IllegalArgumentException("'%s' is not true or false".formatted(name));
  }

  static String text(Json.Obj report, String name) {
    return report.get(name).orElse(Json.of("")) instanceof Json.Str string ? string.value() : "";
  }

  /** A share; what is missing is 1, what is out of range is no report. */
  static double share(Json.Obj report, String name) {
    Json value = report.get(name).orElse(Json.of(1));
    if (value instanceof Json.Num number
        && number.value().signum() >= 0
        && number.value().compareTo(java.math.BigDecimal.ONE) <= 0) {
      return number.value().doubleValue();
    }
    throw new IllegalArgumentException("'%s' is not a number from 0 to 1".formatted(name));
  }
}
