package dev.belay.llm.check;

import com.google.re2j.Pattern;

/** Forms of short texts. Each is decided in time in proportion to the text. */
enum Format {
  EMAIL("ada@example.com"),
  URL("https://example.com/path"),
  PHONE("+44 20 7946 0958"),
  UUID("123e4567-e89b-12d3-a456-426614174000"),
  ISO_DATE("2026-01-31 or 2026-01-31T12:00:00Z"),
  IPV4("192.0.2.1"),
  IPV6("2001:db8::1"),
  SEMVER("1.2.3-rc.1"),
  CREDIT_CARD("4111 1111 1111 1111"),
  POSTAL_CODE("the postal codes of that country"),
  CURRENCY("$1,234.56 or 1234.56 EUR");

  private static final int LONGEST = 4096;
  private static final Pattern UUIDS =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern VERSIONS =
      Pattern.compile(
          "(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)"
              + "(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
              + "(\\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
              + "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");
  private static final Pattern AMOUNTS =
      Pattern.compile(
          "-?(\\p{Sc} ?|[A-Z]{3} )-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\\.[0-9]{1,2})?"
              + "|-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\\.[0-9]{1,2})?( ?\\p{Sc}| [A-Z]{3})"
              + "|-?([0-9]+|[0-9]{1,3}(\\.[0-9]{3})+)(,[0-9]{1,2})?( ?\\p{Sc}| [A-Z]{3})");

  private final String example;

  Format(String example) {
    this.example = example;
  }

  String example() {
    return example;
  }

  boolean holds(String text, String country) {
    return text.length() <= LONGEST
        && switch (this) {
          case EMAIL -> Addresses.isEmail(text);
          case URL -> Addresses.isUrl(text);
          case PHONE -> isPhone(text);
          case UUID -> UUIDS.matches(text);
          case ISO_DATE -> Dates.isIso(text);
          case IPV4 -> Addresses.isIpv4(text);
          case IPV6 -> Addresses.isIpv6(text);
          case SEMVER -> VERSIONS.matches(text);
          case CREDIT_CARD -> isCreditCard(text);
          case POSTAL_CODE -> PostalCodes.holds(text, country);
          case CURRENCY -> AMOUNTS.matches(text);
        };
  }

  /** 7 to 15 digits (E.164), with the usual signs between them. */
  private static boolean isPhone(String text) {
    long digits = text.chars().filter(c -> c >= '0' && c <= '9').count();
    return digits >= 7
        && digits <= 15
        && Pattern.matches("\\+?[0-9(][0-9 ().-]*[0-9]", text)
        && text.chars().filter(c -> c == '(').count() == text.chars().filter(c -> c == ')').count();
  }

  /** 12 to 19 digits with Luhn's check digit (ISO/IEC 7812). */
  private static boolean isCreditCard(String text) {
    if (!Pattern.matches("[0-9]([ -]?[0-9]){11,18}", text)) {
      return false;
    }
    String digits = text.replaceAll("[ -]", "");
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int counted = i % 2 == 0 ? digit : 2 * digit;
      sum += counted > 9 ? counted - 9 : counted;
    }
    return sum % 10 == 0 && sum > 0;
  }
}
