package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OnFailTest {

  private static Finding check(String type, String params, String onFail, String answer)
      throws InterruptedException {
    return Answers.check(
        "{\"type\": \"%s\", \"params\": %s, \"on_fail\": \"%s\"}".formatted(type, params, onFail),
        answer);
  }

  private static void assertStands(Finding finding, String text) {
    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Valid.class,
            valid -> {
              assertThat(valid.answer().text()).isEqualTo(text);
              assertThat(valid.warnings()).isNotEmpty();
            });
  }

  private static void assertAsks(Finding finding, Remedy remedy) {
    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Invalid.class, invalid -> assertThat(invalid.remedy()).isEqualTo(remedy));
  }

  @Test
  void fixRepairsJson() throws Exception {
    assertStands(check("json", "{}", "fix", "{'a': 1,}"), "{\"a\":1}");
    assertAsks(check("json", "{}", "fix", "no JSON"), Remedy.REASK);
  }

  @Test
  void fixCutsWhatIsTooLong() throws Exception {
    assertStands(check("length", "{\"max\": 2}", "fix", "🎈🎈🎈"), "🎈🎈");
    assertStands(check("length", "{\"max\": 1, \"unit\": \"lines\"}", "fix", "a\nb"), "a");
    assertAsks(check("length", "{\"max\": 1, \"unit\": \"words\"}", "fix", "a b"), Remedy.REASK);
    assertAsks(check("length", "{\"min\": 5}", "fix", "abc"), Remedy.REASK);
  }

  @Test
  void filterTakesOutWhatIsWrong() throws Exception {
    assertStands(check("not_contains", "{\"text\": \"damn\"}", "filter", "a DAMN b"), "a  b");
    assertStands(
        check("regex", "{\"pattern\": \"[0-9]{3,}\", \"negate\": true}", "filter", "x 1234 y 12"),
        "x  y 12");
    assertStands(
        check(
            "schema",
            "{\"schema\": {\"properties\": {\"list\": {\"items\": {\"type\": \"integer\"}}, \"a/b\": false}}}",
            "filter",
            "{\"list\": [1, \"x\", 2], \"a/b\": 1, \"c\": 3}"),
        "{\"list\":[1,2],\"c\":3}");
    assertAsks(
        check("schema", "{\"schema\": {\"required\": [\"a\"]}}", "filter", "{}"), Remedy.REASK);
    assertAsks(check("contains", "{\"text\": \"x\"}", "filter", "y"), Remedy.REASK);
    assertAsks(check("schema", "{\"schema\": true}", "filter", "none"), Remedy.REASK);
  }

  @Test
  void acceptFailAndHumanDoWhatTheySay() throws Exception {
    assertStands(check("length", "{\"max\": 1}", "accept_with_warning", "abc"), "abc");
    assertAsks(check("length", "{\"max\": 1}", "fail", "abc"), Remedy.FAIL);
    assertAsks(check("length", "{\"max\": 1}", "human", "abc"), Remedy.HUMAN);
    assertAsks(check("length", "{\"max\": 1}", "reask", "abc"), Remedy.REASK);
  }

  @Test
  void fixClosesABlockThatWasCut() throws Exception {
    assertStands(
        check("code", "{\"language\": \"python\"}", "fix", "```python\nx = 1"),
        "```python\nx = 1\n```\n");
  }

  @Test
  void whatHoldsIsLeftAlone() throws Exception {
    assertThat(check("length", "{\"max\": 3}", "fail", "abc")).isInstanceOf(Finding.Valid.class);
  }
}
