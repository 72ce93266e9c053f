package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.llm.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\": \"lenght\"} | there is no validator 'lenght'. Did you mean 'length'?",
        "{\"type\": \"zzz\"} | there is no validator 'zzz'. Known are: ",
        "{\"typ\": \"length\"} | validator 1 has no 'typ'. Did you mean 'type'?",
        "{\"params\": {}} | validator 1: type must be a string, was missing",
        "[\"json\", 7] | validator 2 must be an object with type and params, was 7",
        "{\"type\": \"json\", \"params\": []} | validator 1: params must be an object, was []",
        "{\"type\": \"json\", \"on_fail\": \"cry\"} | validator 1: on_fail must be one of reask, fix, filter, accept_with_warning, fail, human, was \"cry\"",
        "{\"type\": \"length\", \"params\": {\"mx\": 3, \"min\": 1}} | length has no parameter 'mx' (was 3). Did you mean 'max'",
        "{\"type\": \"length\", \"params\": {\"min\": -1}} | length: min must be a whole number from 0 to 2147483647, was -1",
        "{\"type\": \"length\", \"params\": {\"min\": 1.5}} | length: min must be a whole number from 0 to 2147483647, was 1.5",
        "{\"type\": \"length\", \"params\": {\"min\": 1e99}} | length: min must be a whole number",
        "{\"type\": \"length\", \"params\": {\"min\": \"1\"}} | length: min must be a whole number from 0 to 2147483647, was \"1\"",
        "{\"type\": \"length\", \"params\": {\"min\": 3, \"max\": 2}} | length: min must be at most max, which is 2, was 3",
        "{\"type\": \"length\"} | length: min must be given, or max, or both, was missing",
        "{\"type\": \"length\", \"params\": {\"max\": 1, \"unit\": \"miles\"}} | length: unit must be one of chars, words, lines, sentences, tokens, was \"miles\"",
        "{\"type\": \"regex\"} | regex: pattern must be a string, was missing",
        "{\"type\": \"regex\", \"params\": {\"pattern\": \"(a\"}} | regex: pattern must be an RE2 expression",
        "{\"type\": \"regex\", \"params\": {\"pattern\": \"(?=a)\"}} | without look-around",
        "{\"type\": \"regex\", \"params\": {\"pattern\": \"a\", \"flags\": \"g\"}} | regex: flags must be letters of 'i', 'm' and 's', was \"g\"",
        "{\"type\": \"regex\", \"params\": {\"pattern\": \"a\", \"negate\": true, \"max_count\": 1}} | regex: max_count must be left out",
        "{\"type\": \"regex\", \"params\": {\"pattern\": \"a\", \"min_count\": 3, \"max_count\": 1}} | regex: min_count must be at most max_count",
        "{\"type\": \"contains\"} | contains: text must be a string or a list of strings, was missing",
        "{\"type\": \"contains\", \"params\": {\"text\": []}} | contains: text must be a string or a list of at least 1 string, was []",
        "{\"type\": \"contains\", \"params\": {\"text\": [\"a\", \"\"]}} | none of them empty",
        "{\"type\": \"contains\", \"params\": {\"text\": \"a\", \"case_sensitive\": 1}} | contains: case_sensitive must be true or false, was 1",
        "{\"type\": \"field\"} | field: field must be a string, was missing",
        "{\"type\": \"field\", \"params\": {\"field\": \"a..b\"}} | a step is empty",
        "{\"type\": \"field\", \"params\": {\"field\": \"a\", \"expected\": 1, \"expected_value\": 1}} | field: expected must be given once",
        "{\"type\": \"schema\"} | schema: schema must be a JSON Schema, was missing",
        "{\"type\": \"schema\", \"params\": {\"schema\": 1}} | schema: schema must be an object, true or false, was 1",
        "{\"type\": \"schema\", \"params\": {\"schema\": {\"type\": \"strin\"}}} | schema: schema must be a JSON Schema that stands alone (the schema is none: /type",
        "{\"type\": \"schema\", \"params\": {\"schema\": {\"$ref\": \"http://127.0.0.1:9/x.json\"}}} | schema: schema must be a JSON Schema that stands alone",
        "{\"type\": \"schema\", \"params\": {\"schema\": {\"$ref\": \"file:///etc/passwd\"}}} | schema: schema must be a JSON Schema that stands alone",
        "{\"type\": \"schema\", \"params\": {\"schema\": {\"pattern\": \"(?=a)\"}}} | RE2",
        "{\"type\": \"schema\", \"params\": {\"schema\": {}, \"max_errors\": 0}} | schema: max_errors must be a whole number from 1 to 1000, was 0",
        "{\"type\": \"code\"} | code: language must be given: one of java, json, ",
        "{\"type\": \"code\", \"params\": {\"language\": \"cobol\"}} | code: language must be one of java, json, ",
        "{\"type\": \"corpus\"} | corpus: texts must be given, or files, or both, was missing",
        "{\"type\": \"corpus\", \"params\": {\"files\": \"a.txt\"}} | corpus: files must be left out, because no folder is allowed",
        "{\"type\": \"corpus\", \"params\": {\"texts\": \"abc\", \"max_bytes\": 2}} | corpus: the sources have 3 bytes",
        "{\"type\": \"corpus\", \"params\": {\"texts\": \"abc\", \"threshold\": 2}} | corpus: threshold must be a number from 0.0 to 1.0, was 2",
        "{\"type\": \"corpus\", \"params\": {\"texts\": \"abc\", \"threshold\": \"x\"}} | corpus: threshold must be a number from 0.0 to 1.0",
        "{\"type\": \"format\"} | format: format must be given",
        "{\"type\": \"format\", \"params\": {\"format\": \"postal_code\"}} | format: country must be one of AT, AU",
        "{\"type\": \"format\", \"params\": {\"format\": \"email\", \"country\": \"DE\"}} | format: country must be left out",
        "{\"type\": \"format\", \"params\": {\"format\": \"email\", \"field\": \"a.\"}} | format: field must be a way",
        "{\"type\": \"tool_call\", \"params\": {\"min_calls\": 2, \"max_calls\": 1}} | tool_call: min_calls must be at most max_calls",
        "{\"type\": \"all\"} | all: validators must be a list of validators, was missing",
        "{\"type\": \"all\", \"params\": {\"validators\": []}} | all: validators must be a list of at least 1 validator, was []",
        "{\"type\": \"all\", \"params\": {\"validators\": [{\"type\": \"nope\"}]}} | there is no validator 'nope'",
        "{\"type\": \"not_empty\", \"params\": {\"x\": 1}} | not_empty has no parameter 'x' (was 1). It takes none.",
        "{\"type\": \"scored\"} | scored: validators must be a list of at least 1 validator",
        "{\"type\": \"scored\", \"params\": {\"validators\": [\"json\"], \"weights\": {\"a\": 1}}} | scored: weights must be made of structure",
        "{\"type\": \"scored\", \"params\": {\"validators\": [\"json\"], \"weights\": {\"safety\": -1}}} | scored: weights must be numbers of 0 or more",
        "{\"type\": \"scored\", \"params\": {\"validators\": [{\"type\": \"json\", \"category\": 1}]}} | with a category that is a string",
        "{\"type\": \"scored\", \"params\": {\"validators\": [\"json\"], \"accept\": 0.5, \"review\": 0.6}} | scored: review must be a number from 0.0 to 0.5, was 0.6",
      })
  void refusesABadSpecificationAndSaysWhy(String spec, String message) {
    assertThatThrownBy(() -> Validators.standard().from(Json.parse(spec)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void aLoneEntryIsAListOfOne() {
    assertThat(Validators.standard().from(Json.parse("{\"type\": \"not_empty\"}")))
        .extracting(Validator::name)
        .containsExactly("response_not_empty");
    assertThat(Validators.standard().from(Json.parse("[]"))).isEmpty();
  }

  @Test
  void takesTypesOfOnesOwnWithoutTouchingTheOthers() {
    Validators standard = Validators.standard();

    Validators more =
        standard.with(
            "shout",
            params -> {
              int most = params.whole("most", 3, 1, 9);
              return Validators.standard()
                  .make("regex", Json.EMPTY.with("pattern", Json.of("!{" + most + "}")));
            });

    assertThat(more.make("shout", Json.EMPTY.with("most", Json.of(2))).name()).isEqualTo("regex");
    assertThatThrownBy(() -> more.make("shout", Json.EMPTY.with("most", Json.of(10))))
        .hasMessage("shout: most must be a whole number from 1 to 9, was 10");
    assertThatThrownBy(() -> standard.make("shout", Json.EMPTY))
        .hasMessageContaining("no validator");
    assertThatThrownBy(
            () -> more.with("shout", params -> Validators.standard().make("json", Json.EMPTY)))
        .hasMessage("validator type 'shout' is there already");
    assertThat(standard.types()).doesNotContain("shout").contains("json", "json_string");
  }

  @Test
  void aliasesStandForTheSame() throws Exception {
    for (List<String> pair :
        List.of(
            List.of("not_empty", "response_not_empty"),
            List.of("json", "json_string"),
            List.of("contextual", "corpus"),
            List.of("string_check", "not_contains"))) {
      assertThat(Validators.standard().types()).containsAll(pair);
    }
    assertThat(Answers.problems("{\"type\": \"python\"}", "def f(:\n  pass\n")).isNotEmpty();
  }
}
