package dev.belay.flow.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private static Backend create(String type) {
    return Backends.create(
        BackendSettings.of("one", type)
            .command(List.of("agent"))
            .url(URI.create("http://127.0.0.1:1"))
            .build(),
        Map.of(),
        Time.system());
  }

  @Test
  void makesEachTypeThatThereIs() {
    assertThat(Backends.TYPES).allSatisfy(type -> assertThat(create(type).name()).isEqualTo("one"));
  }

  @Test
  void anUnknownTypeIsToldWithTheKnownOnesAndTheNearest() {
    assertThatThrownBy(() -> create("cluade"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "backend one: type must be one of claude, codex, goose, command, http, was cluade;"
                + " did you mean claude?");
    assertThatThrownBy(() -> create("elephant")).message().endsWith("was elephant");
  }

  @Test
  void backendsHaveAnAccountOfTheirOwnUnlessTheyShareOne() {
    BackendSettings.Builder settings = BackendSettings.of("one", "claude");

    assertThat(Backends.create(settings.build(), Map.of(), Time.system()).account())
        .isEqualTo("one");
    assertThat(Backends.create(settings.account("team").build(), Map.of(), Time.system()).account())
        .isEqualTo("team");
  }

  @Test
  void refusesWhatATypeCannotDoWithout() {
    assertThatThrownBy(() ->
            Backends.create(BackendSettings.of("one", "command").build(), Map.of(), Time.system()))
        .hasMessage("backend one: command must name a program");
    assertThatThrownBy(() ->
            Backends.create(BackendSettings.of("one", "http").build(), Map.of(), Time.system()))
        .hasMessageContaining("url must be");
    assertThatThrownBy(() -> BackendSettings.of(" ", "claude").build())
        .hasMessageContaining("backend must be 1 to 64 letters");
    assertThatThrownBy(() -> BackendSettings.of("one", "claude").grace(Duration.ofHours(1)).build())
        .hasMessage("grace must be 0 to 10m, was PT1H");
  }
}
