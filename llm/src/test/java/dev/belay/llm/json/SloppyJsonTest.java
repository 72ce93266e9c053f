package dev.belay.llm.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever is wrong around strings, what stands inside them comes back as it was. */
class SloppyJsonTest {

  /** JSON, and the same written with mistakes. */
  private record Sloppy(Json json, String text) {}

  /** Writes JSON with the mistakes that models make. */
  private record Writer(RandomGenerator random) {

    String write(Json json) {
      return switch (json) {
        case Json.Obj object -> {
          List<String> members = new ArrayList<>();
          object
              .members()
              .forEach((name, value) -> members.add(name(name) + colon() + space() + write(value)));
          yield "{" + space() + joined(members) + "}";
        }
        case Json.Arr array ->
            "[" + space() + joined(array.items().stream().map(this::write).toList()) + "]";
        case Json.Bool bool when random.nextBoolean() -> bool.value() ? "True" : "False";
        case Json.Null nothing when random.nextBoolean() -> "None";
        case Json.Str string -> string.toString();
        case Json.Num number -> number.toString();
        case Json.Bool bool -> bool.toString();
        case Json.Null nothing -> nothing.toString();
      };
    }

    private String name(String name) {
      boolean plain = name.matches("[a-z]+") && random.nextBoolean();
      return plain ? name : Json.of(name).toString();
    }

    private String colon() {
      return random.nextInt(8) == 0 ? " = " : ": ";
    }

    private String space() {
      return switch (random.nextInt(6)) {
        case 0 -> "\n  ";
        case 1 -> " /* it's \"so\": {1, 2} */ ";
        case 2 -> " // see http://example.com, \"x\"\n";
        default -> " ";
      };
    }

    private String joined(List<String> parts) {
      StringBuilder text = new StringBuilder();
      for (String part : parts) {
        boolean first = text.isEmpty();
        text.append(first ? "" : random.nextInt(4) == 0 ? " \n" : "," + space()).append(part);
      }
      return text.append(parts.isEmpty() || random.nextBoolean() ? " " : " , ").toString();
    }
  }

  @Test
  void stringsComeBackAsTheyWere() {
    Cases.check(
        3000,
        random -> {
          Json json = Json.of(List.of(AnyJson.value(random)));
          return new Sloppy(json, new Writer(random).write(json));
        },
        sloppy -> assertThat(JsonRepair.DEFAULT.read(sloppy.text).json()).isEqualTo(sloppy.json));
  }

  @Test
  void andSoInAFence() {
    Cases.check(
        500,
        random -> {
          Json json = Json.of(List.of(AnyJson.value(random)));
          return new Sloppy(json, "Sure:\n```json\n" + new Writer(random).write(json) + "\n```\n");
        },
        sloppy -> assertThat(JsonRepair.DEFAULT.read(sloppy.text).json()).isEqualTo(sloppy.json));
  }
}
