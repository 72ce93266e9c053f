package dev.belay.llm.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.Message;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnfinishedTest {
  private static final Unfinished.State BEGUN =
      new Unfinished.State(1, List.of(Message.user("x")), Set.of("w"));

  private final Unfinished unfinished = new Unfinished();

  @Test
  void whatWasBegunIsGoneOnWithOnce() {
    unfinished.keep("key", BEGUN);

    assertThat(unfinished.take("other")).isEqualTo(Unfinished.State.NEW);
    assertThat(unfinished.take("key")).isEqualTo(BEGUN);
    assertThat(unfinished.take("key")).isEqualTo(Unfinished.State.NEW);
  }

  @Test
  void nothingIsKeptWithoutAKeyOrARound() {
    unfinished.keep("", BEGUN);
    unfinished.keep("key", Unfinished.State.NEW);

    assertThat(unfinished.take("")).isEqualTo(Unfinished.State.NEW);
    assertThat(unfinished.take("key")).isEqualTo(Unfinished.State.NEW);
  }

  @Test
  void theOldestIsForgottenWhenThereAreTooMany() {
    for (int i = 0; i < 500; i++) {
      unfinished.keep("key-" + i, BEGUN);
    }

    assertThat(unfinished.take("key-0")).isEqualTo(Unfinished.State.NEW);
    assertThat(unfinished.take("key-300")).isEqualTo(BEGUN);
    assertThat(unfinished.take("key-499")).isEqualTo(BEGUN);
  }
}
