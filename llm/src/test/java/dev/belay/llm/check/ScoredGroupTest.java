package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.json.Json;
import org.junit.jupiter.api.Test;

class ScoredGroupTest {
  private static Finding check(String params, String answer) throws InterruptedException {
    String spec =
        """
        {"type": "scored", "params": {%s "validators": [
          {"type": "json", "category": "structure"},
          {"type": "contains", "params": {"text": "a"}, "category": "content"},
          {"type": "not_contains", "params": {"text": "bomb"}, "category": "safety"}]}}
        """
            .formatted(params);
    return Answers.check(spec, answer);
  }

  @Test
  void acceptsWhatAllAccept() throws Exception {
    assertThat(check("", "[\"a\"]")).isInstanceOf(Finding.Valid.class);
  }

  @Test
  void rejectsOnAVeto() throws Exception {
    assertThat(check("", "[\"a bomb\"]"))
        .isInstanceOfSatisfying(
            Finding.Invalid.class,
            invalid -> {
              assertThat(invalid.remedy()).isEqualTo(Remedy.REASK);
              assertThat(invalid.problems())
                  .extracting(Problem::message)
                  .containsExactly(
                      "the answer contains: 'bomb'",
                      "reject: 'not_contains' objects; otherwise decided contains, json");
            });
  }

  @Test
  void nearlyGoodGoesToAPerson() throws Exception {
    String params =
        "\"strategy\": \"weighted_average\", \"accept\": 0.9, \"review\": 0.5, \"critical\": [], \"weights\": {\"structure\": 1, \"content\": 1, \"safety\": 1},";

    assertThat(check(params, "a, no JSON"))
        .isInstanceOfSatisfying(
            Finding.Invalid.class, invalid -> assertThat(invalid.remedy()).isEqualTo(Remedy.HUMAN));
  }

  @Test
  void aScoreOfOnesOwnCounts() throws Exception {
    Validators validators =
        Validators.standard()
            .with(
                "taste",
                params -> {
                  double value = params.number("value", 1, 0, 1);
                  return new ScoredValidator() {
                    @Override
                    public String name() {
                      return "taste";
                    }

                    @Override
                    public Rating rate(Answer answer, CheckContext context) {
                      if (value == 0) {
                        throw new IllegalStateException("oops");
                      }
                      return new Rating(Finding.valid(answer), value, 1);
                    }
                  };
                });

    assertThat(taste(validators, "0.9")).isInstanceOf(Finding.Valid.class);
    assertThat(taste(validators, "0.8"))
        .isInstanceOfSatisfying(
            Finding.Invalid.class, invalid -> assertThat(invalid.remedy()).isEqualTo(Remedy.HUMAN));
    assertThat(taste(validators, "0.5"))
        .isInstanceOfSatisfying(
            Finding.Invalid.class, invalid -> assertThat(invalid.remedy()).isEqualTo(Remedy.REASK));
    assertThat(taste(validators, "0"))
        .isInstanceOfSatisfying(
            Finding.Invalid.class,
            invalid -> {
              assertThat(invalid.remedy()).isEqualTo(Remedy.HUMAN);
              assertThat(invalid.problems().getFirst().message()).contains("broke");
            });
  }

  private static Finding taste(Validators validators, String value) throws InterruptedException {
    String spec =
        "{\"type\": \"scored\", \"params\": {\"validators\": [{\"type\": \"taste\", \"params\": {\"value\": %s}}]}}"
            .formatted(value);
    return validators.from(Json.parse(spec)).getFirst().check(Answers.of("x"), CheckContext.FIRST);
  }
}
