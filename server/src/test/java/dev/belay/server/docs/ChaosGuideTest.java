package dev.belay.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.chaos.session.MemorySessionStore;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.sim.ShopExperiment;
import dev.belay.examples.shop.sim.SimShop;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Java of the guide to searches for faults. */
@Timeout(60)
class ChaosGuideTest {
  private final Set<Planted> defects = EnumSet.allOf(Planted.class);

  @Test
  void aSessionSearchesTheShop() throws Exception {
    Sessions sessions =
        new Sessions(
            (id, spec) -> new ShopExperiment(new SimShop(defects, spec.seed()), spec.seed()),
            new MemorySessionStore(),
            Sessions.Settings.DEFAULT,
            Time.system(),
            Thread::startVirtualThread);

    String id = sessions.start(new SessionSpec("shop", "{}", 150, Duration.ofHours(1), 7)).id();

    while (!sessions.view(id).orElseThrow().state().isOver()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.progress().done()).isEqualTo(150);
    assertThat(view.defects()).hasSizeGreaterThan(8);
  }
}
