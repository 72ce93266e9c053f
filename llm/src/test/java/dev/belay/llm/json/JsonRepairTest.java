package dev.belay.llm.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.belay.Cases;
import dev.belay.llm.json.Repair.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRepairTest {
  private static Repaired read(String text) {
    return JsonRepair.DEFAULT.read(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '`',
      value = {
        "{'a': 'b'} ¦ {\"a\":\"b\"} ¦ QUOTES",
        "{“a”: “b”} ¦ {\"a\":\"b\"} ¦ QUOTES",
        "{a: 1, b_c: 2, d-e: 3} ¦ {\"a\":1,\"b_c\":2,\"d-e\":3} ¦ QUOTES",
        "{\"a\": hello world} ¦ {\"a\":\"hello world\"} ¦ QUOTES",
        "{url: http://x.example/y?z=1} ¦ {\"url\":\"http://x.example/y?z=1\"} ¦ QUOTES",
        "[1, 2, 3,] ¦ [1,2,3] ¦ COMMA",
        "{\"a\": 1,} ¦ {\"a\":1} ¦ COMMA",
        "[1,, 2] ¦ [1,2] ¦ COMMA",
        "[, 1] ¦ [1] ¦ COMMA",
        "[1 2 3] ¦ [1,2,3] ¦ COMMA",
        "[\"a\" \"b\"] ¦ [\"a\",\"b\"] ¦ COMMA",
        "{\"a\": \"x\" \"b\": \"y\"} ¦ {\"a\":\"x\",\"b\":\"y\"} ¦ COMMA",
        "{\"a\": {} \"b\": []} ¦ {\"a\":{},\"b\":[]} ¦ COMMA",
        "[1, /* two */ 2] ¦ [1,2] ¦ COMMENT",
        "{\"a\" = 1} ¦ {\"a\":1} ¦ COLON",
        "{\"a\" => 1} ¦ {\"a\":1} ¦ COLON",
        "{\"a\": \"\", c = [null]} ¦ {\"a\":\"\",\"c\":[null]} ¦ COLON",
        "[True, False, None, undefined] ¦ [true,false,null,null] ¦ LITERAL",
        "[.5, +1, 007, 1., 0x1F, 1_000] ¦ [0.5,1,7,1,31,1000] ¦ NUMBER",
        "[-0x10, -.5] ¦ [-16,-0.5] ¦ NUMBER",
        "{\"a\": [1, 2} ¦ {\"a\":[1,2]} ¦ BRACKET",
        "[1, 2} ¦ [1,2] ¦ BRACKET",
        "{\"a\": \"he said \"hi\" to me\"} ¦ {\"a\":\"he said \\\"hi\\\" to me\"} ¦ INNER_QUOTE",
        "{\"a\": \"he said \"hi\", then left\", \"b\": 1} ¦ {\"a\":\"he said \\\"hi\\\", then left\",\"b\":1} ¦ INNER_QUOTE",
        "['it's fine', 'ok'] ¦ [\"it's fine\",\"ok\"] ¦ INNER_QUOTE",
        "{\"re\": \"\\d+\\.\"} ¦ {\"re\":\"\\\\d+\\\\.\"} ¦ ESCAPE",
        "['a\\'b'] ¦ [\"a'b\"] ¦ ESCAPE",
        "[\"\\u12\"] ¦ [\"\\\\u12\"] ¦ ESCAPE",
        "{\"a\": 1, \"a\": 2} ¦ {\"a\":2} ¦ DUPLICATE",
        "Sure! {\"a\": 1} ¦ {\"a\":1} ¦ PROSE",
        "{\"a\": 1} Hope this helps. ¦ {\"a\":1} ¦ PROSE",
        "Use {name} and [x], then: {\"a\": {\"b\": 1}}. Done [1]. ¦ {\"a\":{\"b\":1}} ¦ PROSE",
      })
  void putsRight(String broken, String whole, Kind kind) {
    Repaired read = read(broken);

    assertThat(read.json()).hasToString(whole);
    assertThat(read.has(kind)).as("%s", read.repairs()).isTrue();
    assertThat(read.isTruncated()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '`',
      value = {
        "{\"a\": [1, 2 ¦ {\"a\":[1,2]}",
        "{\"a\": \"unfinished sent ¦ {\"a\":\"unfinished sent\"}",
        "{\"a\": 1, \"b ¦ {\"a\":1}",
        "{\"a\": 1, \"b\" ¦ {\"a\":1}",
        "{\"a\": 1, \"b\": ¦ {\"a\":1}",
        "{\"a\": 1, ¦ {\"a\":1}",
        "{\"a\": tru ¦ {\"a\":true}",
        "{\"a\": - ¦ {}",
        "[1, 2. ¦ [1,2]",
        "[\"x\\ ¦ [\"x\"]",
        "[\"x\\u00 ¦ [\"x\"]",
        "{ ¦ {}",
        "Here: ```json {\"a\": 1 ¦ {\"a\":1}",
      })
  void saysThatItWasCut(String cut, String whole) {
    Repaired read = read(cut);

    assertThat(read.json()).hasToString(whole);
    assertThat(read.isTruncated()).as("%s", read.repairs()).isTrue();
  }

  @Test
  void takesItOutOfAFence() {
    Repaired read = read("Here you are:\n```json\n{\n  \"a\": 1,\n}\n```\nAnything else?");

    assertThat(read.json()).hasToString("{\"a\":1}");
    assertThat(read.repairs())
        .extracting(Repair::toString)
        .containsExactly(
            "a fenced block around it at line 3, column 1", "a comma too many at line 5, column 1");
  }

  @Test
  void prefersTheFenceThatSaysJson() {
    String text = "```python\nx = {\"no\": 1}\n```\n```json\n{\"yes\": 1}\n```\n";

    assertThat(read(text).json()).hasToString("{\"yes\":1}");
  }

  @Test
  void aFenceWithoutItsEndIsCut() {
    assertThat(read("```json\n{\"a\": 1}").isTruncated()).isTrue();
  }

  @Test
  void saysLineAndColumnOfEachRepair() {
    Repaired read = read("{\n  'a': 1\n  b: None\n}");

    assertThat(read.count()).isEqualTo(4);
    assertThat(read.repairs())
        .containsExactly(
            new Repair(Kind.QUOTES, "a string in other quotes", 2, 3),
            new Repair(Kind.COMMA, "a comma that is missing", 3, 3),
            new Repair(Kind.QUOTES, "a name without quotes", 3, 3),
            new Repair(Kind.LITERAL, "'None' for null", 3, 6));
  }

  @Test
  void keepsAFewOfManyRepairsAndCountsThemAll() {
    Repaired read = read("[" + "'x',".repeat(1000) + "1");

    assertThat(read.count()).isEqualTo(1001);
    assertThat(read.repairs()).hasSize(101);
    assertThat(read.isTruncated()).isTrue();
  }

  @Test
  void followsThePolicyForWhatIsNoNumber() {
    String text = "[NaN, -Infinity]";

    assertThatThrownBy(() -> read(text))
        .isInstanceOf(JsonException.class)
        .hasMessage("'NaN' has no form in JSON at line 1, column 2");
    assertThat(JsonRepair.DEFAULT.withNan(NanPolicy.NULL).read(text).json())
        .hasToString("[null,null]");
    assertThat(JsonRepair.DEFAULT.withNan(NanPolicy.STRING).read(text).json())
        .hasToString("[\"NaN\",\"-Infinity\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "no JSON here",
        "{\"a\" 1}",
        "{\"a\":}",
        "[)",
        "{,:}",
        "{{}}",
        "[1e99999999999]",
        "{\"a\": -}",
        "{1: 2 3}",
        "use {braces} and [brackets]"
      })
  void refusesWhatItCannotUnderstand(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void boundsDepthAndSize() {
    assertThat(read("[".repeat(200) + "]".repeat(200)).count()).isZero();
    assertThatThrownBy(() -> read("[".repeat(201)))
        .hasMessageStartingWith("it is nested deeper than 200");
    assertThatThrownBy(() -> new JsonRepair(4, 10, NanPolicy.NULL).read("[1,2]"))
        .hasMessageStartingWith("it has 5 characters, and may have 4");
    assertThatThrownBy(() -> new JsonRepair(0, 10, NanPolicy.NULL)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> new JsonRepair(1, 201, NanPolicy.NULL)).hasMessageContaining("201");
  }

  @Test
  void leavesStrictJsonAsItIs() {
    Cases.check(
        2000,
        AnyJson::value,
        json -> {
          Repaired read = read(json.toString());

          assertThat(read.json()).isEqualTo(json);
          assertThat(read.repairs()).isEmpty();
        });
  }

  @Test
  void findsStrictJsonInAFence() {
    Cases.check(
        500,
        random -> Json.of(List.of(AnyJson.value(random))),
        json -> assertThat(read("So:\n\n```json\n" + json + "\n```\n").json()).isEqualTo(json));
  }

  @Test
  void throwsNothingButItsOwn() {
    String alphabet = "{}[]:,\"'`\\/#*-+.eE0123tTrueNone \n\t\u201C\u2019\uFFFF\uD83C\uFEFF~_$";
    Cases.check(
        20_000,
        random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(60); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
          }
          return text.toString();
        },
        text -> {
          try {
            Json json = read(text).json();
            assertThat(Json.parse(json.toString())).isEqualTo(json);
          } catch (JsonException refused) {
            assertThat(refused.line()).isPositive();
          }
        });
  }

  @Test
  void anyCutOfStrictJsonIsReadOrRefused() {
    Cases.check(
        500,
        random -> {
          String whole = Json.of(List.of(AnyJson.value(random))).toString();
          return whole.substring(0, random.nextInt(1, whole.length()));
        },
        cut -> assertThat(read(cut).isTruncated()).as(cut).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{a:",
        "[",
        "\"",
        "' ",
        "{\"a\": \"",
        "{\"",
        "[1",
        "\"a\"  ",
        "\\",
        "//",
        "/*",
        "{x:{x=",
        "```\n",
        "`",
        "[\"x\", y ",
        "{\"a\":\"b\" \"",
        "1",
        "-",
        "\n\n",
        "{a: b c ",
        "#",
        "“",
        "\" , ",
        "{a:)",
        "{a:)\n",
        "```json\n```\n",
        "```json\n{a:)\n```\n",
        "[1]",
        "{a:1} "
      })
  void takesTimeInProportionToTheText(String hostile) {
    String text = hostile.repeat(1_000_000 / hostile.length());

    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          readOrRefuse(text);
          readOrRefuse("[" + text);
          readOrRefuse("{\"a\": " + text);
        });
  }

  private static void readOrRefuse(String text) {
    try {
      assertThat(read(text).count()).isNotNegative();
    } catch (JsonException refused) {
      assertThat(refused.line()).isPositive();
    }
  }
}
