package dev.belay.llm.check;

import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;

/** Dates of ISO 8601 as they are mostly written. */
final class Dates {
  private static final List<DateTimeFormatter> FORMS =
      List.of(
          DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.STRICT),
          DateTimeFormatter.ISO_LOCAL_DATE_TIME.withResolverStyle(ResolverStyle.STRICT),
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.withResolverStyle(ResolverStyle.STRICT));

  private Dates() {}

  static boolean isIso(String text) {
    return text.length() <= 40 && FORMS.stream().anyMatch(form -> parses(form, text));
  }

  private static boolean parses(DateTimeFormatter form, String text) {
    try {
      return form.parse(text) != null;
    } catch (DateTimeException no) {
      return false;
    }
  }
}
