package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.llm.Finish;
import dev.belay.llm.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextChecksTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " \n\t", "\u00A0\u2003", "\u200B\u200D\uFEFF", "\u0000\u0007"})
  void nothingToSeeIsEmpty(String text) throws Exception {
    assertThat(Answers.problems("\"not_empty\"", text)).containsExactly("the answer is empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "🎈", "東", "\u200Bx"})
  void anythingToSeeIsNot(String text) throws Exception {
    assertThat(Answers.problems("\"not_empty\"", text)).isEmpty();
  }

  @Test
  void aToolCallIsAnAnswerAndARefusalIsNone() throws Exception {
    Validator validator = Answers.validator("\"not_empty\"");
    Part.ToolCall call = new Part.ToolCall("1", "t", "{}");

    assertThat(
            validator.check(
                new Answer("", List.of(call), "", Finish.TOOL_CALLS, Answers.REQUEST),
                CheckContext.FIRST))
        .isInstanceOf(Finding.Valid.class);
    assertThat(
            message(
                validator,
                new Answer("", List.of(), "I will not.", Finish.REFUSAL, Answers.REQUEST)))
        .isEqualTo("the answer is a refusal: I will not.");
    assertThat(message(validator, new Answer("", List.of(), "", Finish.LENGTH, Answers.REQUEST)))
        .contains("all tokens went elsewhere");
  }

  private static String message(Validator validator, Answer answer) throws InterruptedException {
    Problem problem =
        ((Finding.Invalid) validator.check(answer, CheckContext.FIRST)).problems().getFirst();
    assertThat(problem.suggestions()).hasSize(2);
    return problem.message();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "chars | 🎈é | 2",
        "chars | `` | 0",
        "words | It's a well-known fact. | 4",
        "words | 東京 is big | 4",
        "words | ... | 0",
        "sentences | One. Two! Three? | 3",
        "sentences | ... | 0",
        "tokens | The quick brown fox | 4",
        "tokens | internationalisation | 4",
        "tokens | 1234567, x | 5",
        "tokens | Привет | 2",
      })
  void countsInUnits(String unit, String text, int count) throws Exception {
    for (int off : new int[] {-1, 0, 1}) {
      String spec =
          "{\"type\": \"length\", \"params\": {\"unit\": \"%s\", \"min\": %d, \"max\": %d}}"
              .formatted(unit, Math.max(0, count + off), Math.max(0, count + off));

      assertThat(Answers.problems(spec, text).isEmpty())
          .as("%d", off)
          .isEqualTo(Math.max(0, count + off) == count);
    }
  }

  @Test
  void countsLines() throws Exception {
    String two =
        "{\"type\": \"length\", \"params\": {\"unit\": \"lines\", \"min\": 2, \"max\": 2}}";

    assertThat(Answers.problems(two, "a\nb\n")).isEmpty();
    assertThat(Answers.problems(two, "a\r\nb")).isEmpty();
    assertThat(Answers.problems(two, "a"))
        .containsExactly("the answer has 1 lines, and must have at least 2");
  }

  private static List<String> regex(String params, String text) throws InterruptedException {
    return Answers.problems("{\"type\": \"regex\", \"params\": {%s}}".formatted(params), text);
  }

  @Test
  void matchesWithFlagsCountsAndTheWhole() throws Exception {
    assertThat(regex("\"pattern\": \"B\"", "abc"))
        .containsExactly("nothing in the answer matches /B/");
    assertThat(regex("\"pattern\": \"B\", \"flags\": \"i\"", "abc")).isEmpty();
    assertThat(regex("\"pattern\": \"^b$\", \"flags\": \"m\"", "a\nb")).isEmpty();
    assertThat(regex("\"pattern\": \"a.b\", \"flags\": \"s\"", "a\nb")).isEmpty();
    assertThat(regex("\"pattern\": \"b\", \"full_match\": true", "abc"))
        .containsExactly("the answer as a whole does not match /b/");
    assertThat(regex("\"pattern\": \"[abc]+\", \"full_match\": true", "abc")).isEmpty();
    assertThat(regex("\"pattern\": \"b\", \"negate\": true", "abc"))
        .containsExactly("/b/ matches 1 times");
    assertThat(regex("\"pattern\": \"abc\", \"negate\": true, \"full_match\": true", "abc"))
        .containsExactly("the answer as a whole matches /abc/");
    assertThat(regex("\"pattern\": \"b\", \"negate\": true", "ac")).isEmpty();
    assertThat(regex("\"pattern\": \"a\", \"max_count\": 2", "")).isEmpty();
    assertThat(regex("\"pattern\": \"a\", \"min_count\": 2, \"max_count\": 2", "aaa")).hasSize(1);
    assertThat(regex("\"pattern\": \"a\", \"min_count\": 2", "a"))
        .containsExactly("/a/ matches 1 times");
    assertThat(regex("\"pattern\": \"🎈+\"", "x🎈🎈")).isEmpty();
  }

  @Test
  void aHostileExpressionTakesLinearTime() throws Exception {
    assertThat(regex("\"pattern\": \"(a*)*b\", \"full_match\": true", "a".repeat(1_000_000)))
        .hasSize(1);
  }

  private static List<String> contains(String params, String text) throws InterruptedException {
    return Answers.problems("{\"type\": \"contains\", \"params\": {%s}}".formatted(params), text);
  }

  @Test
  void findsAllAnyOrNone() throws Exception {
    String both = "\"text\": [\"a\", \"b\"]";

    assertThat(contains(both, "A")).containsExactly("the answer does not contain: 'b'");
    assertThat(contains(both + ", \"match\": \"any\"", "A")).isEmpty();
    assertThat(contains(both + ", \"match\": \"any\"", "x"))
        .containsExactly("the answer contains none of: 'a', 'b'");
    assertThat(contains(both + ", \"match\": \"none\"", "x")).isEmpty();
    assertThat(contains(both + ", \"match\": \"none\"", "xa"))
        .containsExactly("the answer contains: 'a'");
    assertThat(contains("\"text\": \"a\", \"case_sensitive\": true", "A")).hasSize(1);
    assertThat(contains("\"text\": \"aa\", \"min_count\": 2", "aaa")).hasSize(1);
    assertThat(contains("\"text\": \"aa\", \"min_count\": 2", "aaaa")).isEmpty();
    assertThat(contains("\"text\": \"STRASSE\"", "straße")).isEmpty();
    assertThat(contains("\"text\": \"🎈\"", "x🎈")).isEmpty();
  }

  @Test
  void forbiddenTextAndLengthAreToldTogether() throws Exception {
    assertThat(
            Answers.problems(
                "{\"type\": \"string_check\", \"params\": {\"text\": \"no\", \"max_length\": 3}}",
                "no way"))
        .containsExactly(
            "the answer contains: 'no'", "the answer has 6 characters, and may have at most 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"not_empty\"",
        "\"json\"",
        "{\"type\": \"json\", \"params\": {\"mode\": \"fenced\"}}",
        "{\"type\": \"json\", \"params\": {\"mode\": \"repair\"}}",
        "{\"type\": \"field\", \"params\": {\"field\": \"*.a\"}}",
        "{\"type\": \"schema\", \"params\": {\"schema\": {\"type\": \"object\"}}}",
        "{\"type\": \"length\", \"params\": {\"max\": 9, \"unit\": \"words\"}}",
        "{\"type\": \"length\", \"params\": {\"max\": 9, \"unit\": \"sentences\"}}",
        "{\"type\": \"length\", \"params\": {\"max\": 9, \"unit\": \"lines\"}}",
        "{\"type\": \"length\", \"params\": {\"max\": 9, \"unit\": \"tokens\"}}",
        "{\"type\": \"regex\", \"params\": {\"pattern\": \"(x+x+)+y\", \"min_count\": 2}}",
        "{\"type\": \"contains\", \"params\": {\"text\": \"needle\"}}",
        "{\"type\": \"code\", \"params\": {\"language\": \"python\"}}",
        "{\"type\": \"code\", \"params\": {\"language\": \"java\"}}",
        "{\"type\": \"code\", \"params\": {\"language\": \"xml\"}}",
        "{\"type\": \"code\", \"params\": {\"language\": \"yaml\"}}",
        "{\"type\": \"code\", \"params\": {\"language\": \"json\"}}",
        "{\"type\": \"code\", \"params\": {\"language\": \"sql\"}}",
        "\"sql\"",
        "\"sql_safe\"",
        "\"openapi_spec\"",
        "{\"type\": \"corpus\", \"params\": {\"texts\": \"a b c d\", \"match\": \"grounded\"}}",
        "{\"type\": \"corpus\", \"params\": {\"texts\": \"a b c d\", \"match\": \"quotes\"}}",
        "{\"type\": \"corpus\", \"params\": {\"texts\": \"a b c d\"}}",
        "{\"type\": \"format\", \"params\": {\"format\": \"email\"}}",
        "{\"type\": \"format\", \"params\": {\"format\": \"url\"}}",
        "{\"type\": \"format\", \"params\": {\"format\": \"currency\"}}",
        "\"tool_call\"",
      })
  @org.junit.jupiter.api.Timeout(120)
  void aMegabyteOfAnythingIsJudged(String spec) throws Exception {
    Validator validator = Answers.validator(spec);
    for (String piece :
        List.of(
            "x",
            "(",
            "[",
            "{\"a\":",
            "\"",
            "```\n",
            "<a>",
            "- ",
            "((",
            "é🎈 ",
            ". ",
            "select ",
            "\n",
            "a: &a [*a]\n",
            "  x:\n")) {
      Answer answer = Answers.of(piece.repeat(1_000_000 / piece.length()));

      assertThat(validator.check(answer, CheckContext.FIRST))
          .as(piece)
          .isNotInstanceOf(Finding.Inconclusive.class);
    }
  }

  @Test
  void messagesNeverGrowWithTheAnswer() throws Exception {
    Cases.check(
        100,
        random -> "%s🎈".formatted("x%d").repeat(random.nextInt(1, 5000)),
        text -> {
          try {
            for (String spec :
                List.of(
                    "{\"type\": \"format\", \"params\": {\"format\": \"email\"}}",
                    "{\"type\": \"corpus\", \"params\": {\"texts\": \"a\"}}",
                    "\"json\"")) {
              assertThat(Answers.problems(spec, text)).allMatch(message -> message.length() < 400);
            }
          } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
          }
        });
  }
}
