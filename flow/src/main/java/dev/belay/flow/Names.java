package dev.belay.flow;

import dev.belay.Check;
import java.util.regex.Pattern;

/** What tasks, roles and backends may be called: names end up in files, branches and addresses. */
final class Names {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private Names() {}

  static boolean isGood(String name) {
    return FORM.matcher(name).matches() && !name.endsWith(".") && !name.contains("..");
  }

  static void check(String what, String name) {
    Check.that(isGood(name), "%s", problem(what, name));
  }

  static String problem(String what, String name) {
    String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    return "%s must be 1 to 64 letters, digits, '.', '_' or '-', and begin with a letter or digit, was '%s'"
        .formatted(what, shown.replaceAll("\\p{Cntrl}", "?"));
  }
}
