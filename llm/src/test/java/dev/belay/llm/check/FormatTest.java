package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "email | ada@example.com | a.b+c@sub.example.org | jörg@müller.example",
        "url | https://example.com | http://localhost:8080/a?b=c#d | https://münchen.example/",
        "phone | +44 20 7946 0958 | (030) 1234-567 | 5551234",
        "uuid | 123e4567-e89b-12d3-a456-426614174000 | 00000000-0000-0000-0000-000000000000 | ABCDEFAB-1234-1234-1234-ABCDEFABCDEF",
        "iso_date | 2026-01-31 | 2024-02-29T12:00:00Z | 2026-01-31T12:00:00.5+02:00",
        "ipv4 | 0.0.0.0 | 255.255.255.255 | 192.0.2.1",
        "ipv6 | ::1 | 2001:db8::8a2e:370:7334 | ::ffff:192.0.2.1",
        "semver | 1.2.3 | 1.0.0-alpha.1+build.5 | 0.0.0--",
        "credit_card | 4111 1111 1111 1111 | 378282246310005 | 5555-5555-5555-4444",
        "currency | $1,234.56 | 12,50 € | USD 100",
      })
  void holds(String format, String one, String two, String three) {
    for (String text : new String[] {one, two, three}) {
      assertThat(Format.valueOf(format.toUpperCase(Locale.ROOT)).holds(text, "")).as(text).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "email | ada@example | .a@example.com | a..b@example.com | a b@example.com | @example.com | a@-x.example",
        "url | example.com | ftp://example.com | http:// | https://exa mple.com | javascript:alert(1) | http:///path",
        "phone | 12 | +1234567890123456 | 555-CALL-NOW | +(12 345678 | -- | 1234567-",
        "uuid | 123e4567e89b12d3a456426614174000 | g23e4567-e89b-12d3-a456-426614174000 | {123e4567-e89b-12d3-a456-426614174000} | x | 1 | -",
        "iso_date | 2026-02-30 | 31.01.2026 | 2026-1-1 | 2026-01-31T25:00:00Z | 2023-02-29 | yesterday",
        "ipv4 | 256.0.0.1 | 1.2.3 | 1.2.3.4.5 | 01.2.3.4 | 1.2.3.4/8 | ١.2.3.4",
        "ipv6 | ::1::2 | 1:2:3:4:5:6:7 | 1:2:3:4:5:6:7:8:9 | 12345::1 | ::1.2.3 | g::1",
        "semver | 1.2 | 01.2.3 | 1.2.3-01 | v1.2.3 | 1.2.3- | 1.2.3+",
        "credit_card | 4111 1111 1111 1112 | 0000 0000 0000 0000 | 4111 | 4111x1111x1111x1111 | 41111111111111111111 | 4111  1111 1111 1111",
        "currency | 1234 | $ | 1,23,4 $ | $1.234,567 | about $5 | EUR",
      })
  void holdsNot(
      String format, String one, String two, String three, String four, String five, String six) {
    for (String text : new String[] {one, two, three, four, five, six}) {
      assertThat(Format.valueOf(format.toUpperCase(Locale.ROOT)).holds(text, ""))
          .as(text)
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "US, 12345-6789, 1234",
    "GB, SW1A 1AA, S 1",
    "CA, K1A 0B1, D1A 0B1",
    "DE, 01067, 1067",
    "NL, 1234 AB, 0234 AB",
    "JP, 100-0001, 1000",
    "SE, 123 45, 12345 6",
    "PL, 00-950, 00950",
    "BR, 01310-100, 0131",
    "CH, 8001, 80010",
    "IN, 110 001, 010 001",
    "PT, 1000-205, 1000",
    "CN, 100000, 1"
  })
  void knowsPostalCodes(String country, String good, String bad) {
    assertThat(Format.POSTAL_CODE.holds(good, country)).isTrue();
    assertThat(Format.POSTAL_CODE.holds(bad, country)).isFalse();
  }

  @Test
  void oneWrongDigitOfACardIsSeen() {
    Cases.check(
        1000,
        random -> new int[] {random.nextInt(16), random.nextInt(1, 10)},
        change -> {
          StringBuilder card = new StringBuilder("4111111111111111");
          int digit = (card.charAt(change[0]) - '0' + change[1]) % 10;
          card.setCharAt(change[0], (char) ('0' + digit));
          assertThat(Format.CREDIT_CARD.holds(card.toString(), "")).isFalse();
        });
  }

  @Test
  void fieldsMustBeStrings() throws Exception {
    assertThat(
            Answers.problems(
                "{\"type\": \"format\", \"params\": {\"format\": \"uuid\", \"field\": \"a\"}}",
                "{\"a\": 1}"))
        .containsExactly("'/a' must be a string");
  }
}
