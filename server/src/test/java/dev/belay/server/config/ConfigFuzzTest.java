package dev.belay.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.belay.Cases;
import dev.belay.settings.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ConfigFuzzTest {
  private static final List<String> SPICES =
      List.of(
          ":",
          "- ",
          "{",
          "}",
          "[",
          "]",
          "&a ",
          "*a",
          "!!str ",
          "!x ",
          "${",
          "${X}",
          "'",
          "\"",
          "|\n",
          ">-\n",
          "\t",
          "\n",
          "#",
          "---\n",
          "...\n",
          "%YAML 9\n",
          "? ",
          "\u0000",
          "\ufeff",
          "\ud83d\ude00",
          "\ud800",
          "null",
          "~",
          "1e999999999",
          "-1e-999999999",
          ".nan",
          "0x",
          "99999999999999999999",
          "<<: ",
          "@",
          "`",
          "\r",
          "\u2028",
          "2001-01-01",
          "=");

  @Test
  void aMutatedFileIsReadOrRefusedAndNothingElse() {
    assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> Cases.check(3_000, ConfigFuzzTest::mutated, ConfigFuzzTest::isReadOrRefused));
  }

  private static void isReadOrRefused(String yaml) {
    try {
      assertThat(Examples.parse(yaml).toString()).doesNotContain(Examples.CANARY + "alice");
    } catch (ConfigException refused) {
      assertThat(refused.problems()).isNotEmpty().hasSizeLessThanOrEqualTo(101);
      assertThat(refused.getMessage()).doesNotContain(Examples.CANARY);
      assertThat(refused.problems()).allMatch(problem -> !problem.toString().contains("\n"));
    }
  }

  private static String mutated(RandomGenerator random) {
    String yaml = Examples.EVERY_KEY;
    int mutations = 1 + random.nextInt(4);
    for (int i = 0; i < mutations; i++) {
      yaml = random.nextBoolean() ? spiced(yaml, random) : shuffled(yaml, random);
    }
    return yaml;
  }

  private static String spiced(String yaml, RandomGenerator random) {
    int at = random.nextInt(yaml.length() + 1);
    int end = Math.min(yaml.length(), at + random.nextInt(4));
    return yaml.substring(0, at) + SPICES.get(random.nextInt(SPICES.size())) + yaml.substring(end);
  }

  private static String shuffled(String yaml, RandomGenerator random) {
    List<String> lines = new ArrayList<>(Arrays.asList(yaml.split("\n", -1)));
    String taken = lines.remove(random.nextInt(lines.size()));
    switch (random.nextInt(3)) {
      case 0 -> lines.add(random.nextInt(lines.size() + 1), taken);
      case 1 -> lines.add(random.nextInt(lines.size() + 1), " ".repeat(random.nextInt(6)) + taken);
      default -> lines.set(random.nextInt(lines.size()), taken);
    }
    return String.join("\n", lines);
  }
}
