package dev.belay.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.RetryPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectionTest {
  private static final Pattern ANY = Pattern.compile(".+");
  private static final Range<Integer> TEN = Range.of(1, 10);

  @TempDir Path folder;
  private final Source source =
      new Source("file.yaml", Map.of("NAME", "value", "EMPTY", "", "NUMBER", "7"));

  private Section section(String yaml) {
    return new Section(source, "", YamlTree.read(source, yaml));
  }

  private String problems() {
    try {
      source.check();
      return "";
    } catch (ConfigException wrong) {
      return String.valueOf(wrong.getMessage());
    }
  }

  @Test
  void takesFromTheEnvironmentWhatTheFileDoesNotSay() {
    Section section = section("written: 3");
    section.givenNumber("written", "NUMBER", "");
    section.givenNumber("whole", "NUMBER", "");
    section.givenNumber("length", "NUMBER", "s");
    section.givenText("text", "NAME");
    section.givenText("empty", "EMPTY");
    section.givenText("missing", "NOBODY");

    assertThat(section.whole("written", TEN, 1)).isEqualTo(3);
    assertThat(section.whole("whole", TEN, 1)).isEqualTo(7);
    assertThat(
            section.length("length", Range.of(Duration.ZERO, Duration.ofHours(1)), Duration.ZERO))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(section.text("text", ANY, "any", "")).isEqualTo("value");
    assertThat(section.text("empty", ANY, "any", "default")).isEqualTo("default");
    assertThat(section.has("missing")).isFalse();
    section.close();
    assertThat(problems()).isEmpty();
  }

  @Test
  void namesTheVariableThatIsWrong() {
    Section section = section("{}");
    section.givenNumber("whole", "NAME", "");
    assertThat(section.whole("whole", TEN, 1)).isEqualTo(1);

    section.wrong("whole", "is too bad");

    assertThat(problems())
        .contains(
            "file.yaml: NAME of the environment (whole): must be a whole number, 1 to 10; was value",
            "file.yaml: NAME of the environment (whole): is too bad");
  }

  @Test
  void readsEachKindOfValue() {
    Section section =
        section(
            """
            whole: 3
            number: 2.5
            size: 64KB
            yes: true
            length: 1.5s
            none: null
            word: red
            text: some text
            secret: hush
            list: [a, b]
            inner: {deep: 1}
            nothing:
            """);

    assertThat(section.whole("whole", TEN, 1)).isEqualTo(3);
    assertThat(section.number("number", Range.above(0.0, 9.0), 1)).isEqualTo(2.5);
    assertThat(section.size("size", Range.of(1L, 1L << 30), 1)).isEqualTo(65_536);
    assertThat(section.yesNo("yes", false)).isTrue();
    assertThat(
            section.length("length", Range.of(Duration.ZERO, Duration.ofHours(1)), Duration.ZERO))
        .isEqualTo(Duration.ofMillis(1_500));
    assertThat(
            section.lengthOrNone(
                "none", Range.of(Duration.ZERO, Duration.ofHours(1)), Duration.ZERO))
        .isEqualTo(RetryPolicy.FOREVER);
    assertThat(section.oneOf("word", List.of("red", "blue"), "blue")).isEqualTo("red");
    assertThat(section.text("text", ANY, "text", "")).isEqualTo("some text");
    assertThat(section.secret("secret", ANY, "text", "")).isEqualTo("hush");
    assertThat(section.list("list", "texts", place -> place.text(ANY, "text"), List.of()))
        .containsExactly("a", "b");
    Section inner = section.section("inner");
    assertThat(inner.whole("deep", TEN, 2)).isEqualTo(1);
    assertThat(inner.pathOf("deep")).isEqualTo("inner.deep");
    assertThat(section.section("nothing").keys()).isEmpty();
    assertThat(section.list("absent", "texts", place -> Optional.of(""), List.of("x")))
        .containsExactly("x");
    assertThat(section.has("whole")).isTrue();
    inner.close();
    section.close();
    assertThat(problems()).isEmpty();
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceByLineWithoutSecrets() {
    Section section =
        section(
            """
            whole: eleven
            number: 99
            size: big
            yes: perhaps
            length: soon
            word: rad
            secret: 5
            list: 3
            inner: 4
            wholes: 1
            whole: 2
            """);
    section.whole("whole", TEN, 1);
    section.number("number", Range.below(0.0, 9.0), 1);
    section.size("size", Range.of(1L, 2L), 1);
    section.yesNo("yes", false);
    section.length("length", Range.above(Duration.ZERO, Duration.ofHours(1)), Duration.ZERO);
    section.oneOf("word", List.of("red", "blue"), "blue");
    section.secret("secret", ANY, "a password", "");
    section.list("list", "texts", place -> Optional.of(""), List.of());
    section.section("inner");
    section.build(
        () -> {
          throw new IllegalArgumentException("does not fit together");
        },
        0);
    section.wrong("number", "is not enough");
    section.close();

    assertThat(problems())
        .contains("file.yaml:1: whole: must be a whole number, 1 to 10; was text 'eleven'")
        .contains("file.yaml:2: number: must be a number, at least 0 and below 9; was 99")
        .contains("file.yaml:3: size: must be a size")
        .contains("file.yaml:5: length: must be a length of time such as 250ms")
        .contains("did you mean red?")
        .contains("put quotes around it")
        .contains("must be a list of texts; was a number")
        .contains("must be a mapping of keys; was a number")
        .contains("file.yaml:10: wholes: unknown key; did you mean whole?")
        .contains("file.yaml:11: whole: is there twice; the first one is in line 1")
        .contains("does not fit together")
        .contains("is not enough");
  }

  @Test
  void variablesAreReplacedAndNeverShown() {
    Section section =
        section(
            """
            a: ${NAME}
            b: ${EMPTY:-other}
            c: $${NAME}
            d: ${MISSING}
            e: ${
            f: ${NUMBER}
            g: ${NAME}
            """);

    assertThat(section.text("a", ANY, "text", "")).isEqualTo("value");
    assertThat(section.text("b", ANY, "text", "")).isEqualTo("other");
    assertThat(section.text("c", ANY, "text", "")).isEqualTo("${NAME}");
    section.text("d", ANY, "text", "");
    section.text("e", ANY, "text", "");
    assertThat(section.whole("f", TEN, 1)).isEqualTo(7);
    section.whole("g", TEN, 1);

    assertThat(problems())
        .contains("file.yaml:4: d: environment variable MISSING is not set")
        .contains("file.yaml:5: e: has a '${' that starts no ${NAME}")
        .contains("was the value of ${NAME}")
        .doesNotContain("was text 'value'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'a: [1'                | a bracket is opened here and never closed
          'a: "x'                | a quote is opened here and never closed
          'a: b: c'              | a ':' where no key can be
          '- 1'                  | must be a mapping of keys
          'a: !!int 1'           | tags are not supported
          """)
  void brokenYamlIsExplainedInOurOwnWords(String yaml, String message) {
    assertThatThrownBy(() -> section(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void controlCharactersDepthAndSecondDocumentsAreRefused() {
    assertThatThrownBy(() -> section("a: \u0001")).hasMessageContaining("a control character");
    assertThatThrownBy(() -> section("a: \ud800")).hasMessageContaining("half a character");
    assertThatThrownBy(() -> section("a: " + "[".repeat(40) + "]".repeat(40)))
        .hasMessageContaining("nested more than");
    assertThatThrownBy(() -> section("a: 1\n---\nb: 2")).hasMessageContaining("a second document");
    assertThatThrownBy(() -> section("a:\n\t- 1")).hasMessageContaining("a tab");
    assertThat(section("").keys()).isEmpty();
  }

  @Test
  void filesAreReadWholeOrRefusedPlainly() throws Exception {
    Path good = Files.writeString(folder.resolve("good.yaml"), "a: ü");
    assertThat(ConfigFile.read(good)).isEqualTo("a: ü");
    assertThatThrownBy(() -> ConfigFile.read(folder)).hasMessageContaining("is a directory");
    assertThatThrownBy(() -> ConfigFile.read(folder.resolve("none")))
        .hasMessageContaining("there is no such file");
    Path bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 0x20});
    assertThatThrownBy(() -> ConfigFile.read(bytes)).hasMessageContaining("is not UTF-8 text");
    Path large = Files.write(folder.resolve("large"), new byte[ConfigFile.LARGEST + 1]);
    assertThatThrownBy(() -> ConfigFile.read(large)).hasMessageContaining("is larger than 1 MB");
    assertThatThrownBy(() -> new ConfigProblem("f", 0, "", " "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noMoreThanAHundredProblemsAreListed() {
    for (int i = 0; i < 150; i++) {
      source.wrong(i, "", "wrong");
    }
    assertThatThrownBy(source::check)
        .isInstanceOfSatisfying(
            ConfigException.class, wrong -> assertThat(wrong.problems()).hasSize(101))
        .hasMessageContaining("and 50 problems more");
  }

  @Test
  void noTextMakesItFailInAnotherWay() {
    Cases.check(
        300,
        RandomGenerator::nextLong,
        seed -> {
          SplittableRandom random = new SplittableRandom(seed);
          byte[] bytes = new byte[random.nextInt(60)];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) "ab:-[]{}'\"\n ,#&*!|>%@`0$".charAt(random.nextInt(24));
          }
          try {
            Source other = new Source("f", Map.of());
            Section section =
                new Section(
                    other, "", YamlTree.read(other, new String(bytes, StandardCharsets.UTF_8)));
            section.close();
            other.check();
          } catch (ConfigException said) {
            assertThat(said.problems()).isNotEmpty();
          }
        });
  }
}
