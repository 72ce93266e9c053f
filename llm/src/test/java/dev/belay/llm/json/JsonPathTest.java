package dev.belay.llm.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {
  private static final Json ROOT =
      Json.parse(
          """
          {"a": {"b": [{"c": 1}, {"c": null}, {}], "x/y": 2, "d.e": 3, "": 4, "~": 5},
           "list": [[1, 2], []], "ünï": "🎈"}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.b[0].c | /a/b/0/c=1",
        "a.b.1.c | /a/b/1/c=null",
        "/a/b/0/c | /a/b/0/c=1",
        "/a/x~1y | /a/x~1y=2",
        "/a/d.e | /a/d.e=3",
        "/a/ | /a/=4",
        "/a/~0 | /a/~0=5",
        "ünï | /ünï='🎈'",
        "a.b[*].c | /a/b/0/c=1 /a/b/1/c=null /a/b/2/c-",
        "a.b.*.c | /a/b/0/c=1 /a/b/1/c=null /a/b/2/c-",
        "/list/*/* | /list/0/0=1 /list/0/1=2 /list/1/*-",
        "list[0][1] | /list/0/1=2",
        "list[2] | /list/2-",
        "list.01 | /list/01-",
        "a.z.y | /a/z-",
        "a.b[0].c.d | /a/b/0/c/d-",
      })
  void leadsToPlaces(String way, String places) {
    String found =
        JsonPath.of(way).in(ROOT).stream()
            .map(place ->
                place.pointer()
                    + (place.exists()
                        ? "=" + place.values().getFirst().toString().replace('"', '\'')
                        : "-"))
            .collect(Collectors.joining(" "));

    assertThat(found).isEqualTo(places);
  }

  @Test
  void withoutStepsIsTheWhole() {
    assertThat(JsonPath.of("").in(ROOT).getFirst().values()).containsExactly(ROOT);
    assertThat(JsonPath.of("a.b[0]")).hasToString("/a/b/0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a..b", ".a", "a.", "a[", "a[x]", "a[-1]", "a[0]b", "a[]", "."})
  void refusesAWayThatIsWrittenBadly(String way) {
    assertThatThrownBy(() -> JsonPath.of(way))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was '%s'", way);
  }
}
