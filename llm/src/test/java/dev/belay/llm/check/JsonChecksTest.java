package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonChecksTest {

  private static List<String> json(String params, String answer) throws InterruptedException {
    return Answers.problems("{\"type\": \"json\", \"params\": {%s}}".formatted(params), answer);
  }

  @Test
  void saysLineAndColumn() throws Exception {
    assertThat(json("", "{\n  \"a\": }"))
        .singleElement()
        .asString()
        .startsWith("the answer is not JSON: ")
        .endsWith("at line 2, column 8");
  }

  @Test
  void strictTakesNoFenceAndSuggestsToLeaveItOut() throws Exception {
    String fenced = "```json\n{}\n```";

    assertThat(json("", fenced)).isNotEmpty();
    assertThat(json("\"mode\": \"fenced\"", fenced)).isEmpty();
    assertThat(Answers.check("\"json\"", fenced))
        .isInstanceOfSatisfying(
            Finding.Invalid.class,
            invalid ->
                assertThat(invalid.problems().getFirst().suggestions().getFirst())
                    .contains("fenced block"));
  }

  @Test
  void fencedGivesTheContentAlone() throws Exception {
    Finding finding =
        Answers.check(
            "{\"type\": \"json\", \"params\": {\"mode\": \"fenced\"}}", "Hi\n```\n[1]\n```\nbye");

    assertThat(((Finding.Valid) finding).answer().text().strip()).isEqualTo("[1]");
    assertThat(json("\"mode\": \"fenced\"", "```json\n[1]"))
        .containsExactly("the fenced block has no end");
    assertThat(json("\"mode\": \"fenced\"", "```json\n[1,]\n```")).isNotEmpty();
    assertThat(json("\"mode\": \"fenced\"", "[1]")).isEmpty();
  }

  @Test
  void repairIsNeverSilent() throws Exception {
    Finding finding =
        Answers.check("{\"type\": \"json\", \"params\": {\"mode\": \"repair\"}}", "{'a': 1}");

    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Valid.class,
            valid -> {
              assertThat(valid.answer().text()).isEqualTo("{\"a\":1}");
              assertThat(valid.warnings())
                  .extracting(Problem::message)
                  .containsExactly("read in spite of a string in other quotes at line 1, column 2");
            });
  }

  @Test
  void strictForbidsWhatPythonLetsPass() throws Exception {
    assertThat(json("", "[NaN]")).isNotEmpty();
    assertThat(json("\"mode\": \"repair\"", "[NaN]")).isNotEmpty();
    assertThat(json("\"mode\": \"repair\", \"nan\": \"null\"", "[NaN]")).isEmpty();
    assertThat(json("", "{\"a\": 1, \"a\": 2}")).isEmpty();
    assertThat(json("\"unique_keys\": true", "{\"a\": 1, \"a\": 2}"))
        .containsExactly("there is the name 'a' once more at line 1, column 10");
  }

  @Test
  void truncatedJsonIsTakenOnlyIfAllowed() throws Exception {
    assertThat(json("\"mode\": \"repair\"", "{\"a\": [1"))
        .singleElement()
        .asString()
        .contains("cut off");
    assertThat(json("\"mode\": \"repair\", \"allow_truncated\": true", "{\"a\": [1")).isEmpty();
    assertThat(json("\"mode\": \"fenced\", \"allow_truncated\": true", "```json\n[1]")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"field\": \"a.b\" | {\"a\": {\"b\": 1}} | ``",
        "\"field\": \"a.b\" | {\"a\": {}} | '/a/b' is missing",
        "\"field_name\": \"a\" | {\"a\": null} | ``",
        "\"field\": \"a\", \"null_policy\": \"missing\" | {\"a\": null} | '/a' is missing",
        "\"field\": \"a\", \"should_exist\": false | {\"b\": 1} | ``",
        "\"field\": \"a\", \"present\": false | {\"a\": 1} | '/a' must not be there, was 1",
        "\"field\": \"a\", \"should_exist\": false, \"null_policy\": \"missing\" | {\"a\": null} | ``",
        "\"field\": \"a\", \"expected_value\": null | {\"a\": null} | ``",
        "\"field\": \"a\", \"expected_value\": null | {\"a\": 0} | '/a' must be null, was 0",
        "\"field\": \"a\", \"expected\": 1 | {\"a\": 1.0} | ``",
        "\"field\": \"a\", \"expected\": {\"b\": [1, true, \"x\"]} | {\"a\": {\"b\": [1.0, true, \"x\"]}} | ``",
        "\"field\": \"a\", \"expected\": {\"b\": [1]} | {\"a\": {\"b\": [1, 2]}} | '/a' must be {\"b\":[1]}, was {\"b\":[1,2]}",
        "\"field\": \"a\", \"expected\": {\"b\": 1} | {\"a\": {\"c\": 1}} | '/a' must be {\"b\":1}, was {\"c\":1}",
        "\"field\": \"a\", \"expected\": [1] | {\"a\": [2]} | '/a' must be [1], was [2]",
        "\"field\": \"a\", \"expected\": \"100%s\" | {\"a\": \"%d\"} | '/a' must be \"100%s\", was \"%d\"",
        "\"field\": \"a\", \"should_exist\": false, \"expected\": 1 | {\"a\": 2} | ``",
        "\"field\": \"a[1].ü\" | {\"a\": [0, {\"ü\": \"🎈\"}]} | ``",
        "\"field\": \"a.*\" | {\"a\": []} | '/a/*' is missing",
        "\"field\": \"/a~1b\" | {\"a/b\": 1} | ``",
        "\"field\": \"a\" | The answer: {'a': 1,} | ``",
        "\"field\": \"a\", \"mode\": \"strict\" | The answer: {'a': 1,} | not JSON",
      })
  void looksForFields(String params, String answer, String message) throws Exception {
    List<String> problems =
        Answers.problems("{\"type\": \"field\", \"params\": {%s}}".formatted(params), answer);

    if (message.isEmpty()) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems).singleElement().asString().contains(message);
    }
  }

  @Test
  void tellsEachItemThatLacksAField() throws Exception {
    assertThat(
            Answers.problems(
                "{\"type\": \"field\", \"params\": {\"field\": \"*.id\"}}",
                "[{\"id\": 1}, {}, {\"x\": 2}]"))
        .containsExactly("'/1/id' is missing", "'/2/id' is missing");
  }

  private static List<String> schema(String params, String answer) throws InterruptedException {
    return Answers.problems("{\"type\": \"schema\", \"params\": {%s}}".formatted(params), answer);
  }

  @Test
  void tellsAllSchemaErrorsUpToTheLimit() throws Exception {
    String params = "\"schema\": {\"items\": {\"type\": \"integer\"}}, \"max_errors\": 3";

    assertThat(schema(params, "[\"a\", \"b\", 1, \"c\", \"d\", \"e\"]"))
        .hasSize(4)
        .last()
        .isEqualTo("and 2 more");
  }

  @Test
  void schemaErrorsCarryJsonPointers() throws Exception {
    Finding finding =
        Answers.check(
            "{\"type\": \"schema\", \"params\": {\"schema\": {\"properties\": {\"a/b\": {\"items\": {\"type\": \"string\"}}}}}}",
            "{\"a/b\": [\"x\", 1]}");

    Problem problem = ((Finding.Invalid) finding).problems().getFirst();
    assertThat(problem.pointer()).isEqualTo("/a~1b/1");
    assertThat(problem.message()).startsWith("/a~1b/1: ").contains("string");
    assertThat(problem.detail()).startsWith("schema ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "http://json-schema.org/draft-04/schema# | {\"maximum\": 5, \"exclusiveMaximum\": true} | 5",
        "http://json-schema.org/draft-06/schema# | {\"exclusiveMaximum\": 5} | 5",
        "http://json-schema.org/draft-07/schema# | {\"if\": {\"const\": 5}, \"then\": false} | 5",
        "https://json-schema.org/draft/2019-09/schema | {\"$defs\": {\"x\": {\"const\": 1}}, \"$ref\": \"#/$defs/x\"} | 5",
        "https://json-schema.org/draft/2020-12/schema | {\"prefixItems\": [{\"const\": 1}]} | [5]",
      })
  void goesByTheDraftThatTheSchemaNames(String draft, String schema, String answer)
      throws Exception {
    String named = "{\"$schema\": \"%s\", %s".formatted(draft, schema.substring(1));

    assertThat(schema("\"schema\": " + named, answer)).hasSize(1);
  }

  @Test
  void theDraftCanBeGiven() throws Exception {
    String schema = "\"schema\": {\"items\": [{\"const\": 1}]}";

    assertThat(schema(schema + ", \"draft\": \"draft_7\"", "[2]")).hasSize(1);
  }

  @Test
  void formatsCanBeSwitchedOff() throws Exception {
    String schema = "\"schema\": {\"format\": \"ipv4\"}";

    assertThat(schema(schema, "\"nonsense\"")).hasSize(1);
    assertThat(schema(schema + ", \"formats\": false", "\"nonsense\"")).isEmpty();
  }

  @Test
  void hostileNumbersAndPatternsCostNothing() throws Exception {
    assertThat(schema("\"schema\": {\"multipleOf\": 0.01}", "1e999999999"))
        .singleElement()
        .asString()
        .contains("a number must have at most 400 digits");
    assertThat(schema("\"schema\": {\"pattern\": \"^(a+)+$\"}", "\"" + "a".repeat(100_000) + "!\""))
        .hasSize(1);
  }

  @Test
  void aSchemaThatTurnsInCirclesIsBounded() throws Exception {
    String tree =
        "\"schema\": {\"$ref\": \"#/$defs/n\", \"$defs\": {\"n\": {\"items\": {\"anyOf\": [{\"$ref\": \"#/$defs/n\"}, {\"$ref\": \"#/$defs/n\"}]}}}}";

    assertThat(schema(tree, "[".repeat(60) + "1" + "]".repeat(60))).hasSizeLessThanOrEqualTo(1);
  }
}
