package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeastUsedTest {
  private static final Duration SHORT = Duration.ofMillis(10);

  private final LeastUsed selection = new LeastUsed();
  private final List<Endpoint> candidates = Choices.endpoints(3, new VirtualTime());

  @Test
  void takesTheOneWithTheFewestInFlight() {
    EndpointHistory.start(candidates.get(0), 2);
    EndpointHistory.start(candidates.get(1), 1);
    EndpointHistory.start(candidates.get(2), 3);

    assertThat(selection.select(candidates, Call.DEFAULT)).hasToString("e1");
  }

  @Test
  void looksAtWhatRunsBeforeWhatRan() {
    EndpointHistory.succeed(candidates.get(0), 1_000, SHORT);
    EndpointHistory.start(candidates.get(1), 1);
    EndpointHistory.start(candidates.get(2), 1);

    assertThat(selection.select(candidates, Call.DEFAULT)).hasToString("e0");
  }

  @Test
  void takesTheOneWithTheFewestBegunAmongEquals() {
    EndpointHistory.succeed(candidates.get(0), 2, SHORT);
    EndpointHistory.succeed(candidates.get(1), 3, SHORT);
    EndpointHistory.fail(candidates.get(2), 1, SHORT);

    assertThat(selection.select(candidates, Call.DEFAULT)).hasToString("e2");
  }

  @Test
  void takesTheFirstIfNothingTellsThemApart() {
    assertThat(selection.select(candidates, Call.DEFAULT)).hasToString("e0");
  }

  @Test
  void spreadsCallsThatRunOneAfterAnother() {
    for (int i = 0; i < 30; i++) {
      EndpointHistory.succeed(selection.select(candidates, Call.DEFAULT), 1, SHORT);
    }

    assertThat(candidates)
        .allSatisfy(one -> assertThat(one.stats().snapshot().started()).isEqualTo(10));
  }
}
