package dev.belay.llm.check;

import com.google.re2j.Pattern;
import java.util.Map;
import java.util.TreeMap;

/** Forms of postal codes by country. */
final class PostalCodes {
  private static final Map<String, Pattern> FORMS = forms();

  private PostalCodes() {}

  private static Map<String, Pattern> forms() {
    Map<String, Pattern> forms = new TreeMap<>();
    forms.put("US", Pattern.compile("[0-9]{5}(-[0-9]{4})?"));
    forms.put(
        "CA",
        Pattern.compile("[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]"));
    forms.put(
        "GB",
        Pattern.compile(
            "(GIR ?0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9A-Z])?|[0-9][A-HJKPS-UW]) ?[0-9][ABD-HJLNP-UW-Z]{2})"));
    for (String five : new String[] {"DE", "FR", "IT", "ES", "FI"}) {
      forms.put(five, Pattern.compile("[0-9]{5}"));
    }
    for (String four : new String[] {"AT", "CH", "BE", "DK", "NO", "AU", "NZ"}) {
      forms.put(four, Pattern.compile("[1-9][0-9]{3}|0[0-9]{3}"));
    }
    forms.put("SE", Pattern.compile("[1-9][0-9]{2} ?[0-9]{2}"));
    forms.put("NL", Pattern.compile("[1-9][0-9]{3} ?[A-Z]{2}"));
    forms.put("PL", Pattern.compile("[0-9]{2}-[0-9]{3}"));
    forms.put("PT", Pattern.compile("[1-9][0-9]{3}-[0-9]{3}"));
    forms.put("BR", Pattern.compile("[0-9]{5}-?[0-9]{3}"));
    forms.put("JP", Pattern.compile("[0-9]{3}-?[0-9]{4}"));
    forms.put("IN", Pattern.compile("[1-9][0-9]{2} ?[0-9]{3}"));
    forms.put("CN", Pattern.compile("[0-9]{6}"));
    return forms;
  }

  static boolean knows(String country) {
    return FORMS.containsKey(country);
  }

  static String countries() {
    return String.join(", ", FORMS.keySet());
  }

  static boolean holds(String text, String country) {
    Pattern form = FORMS.get(country);
    return form != null && form.matches(text);
  }
}
