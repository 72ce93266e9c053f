package dev.belay.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.VirtualTime;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventFeedTest {
  private final VirtualTime time = new VirtualTime();
  private final EventFeed feed = new EventFeed(time, 3);

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      feed.publish(EventFeed.POOL, new JsonObject());
    }
  }

  private static List<Long> numbers(EventFeed.Batch batch) {
    return batch.events().stream().map(EventFeed.Event::number).toList();
  }

  @Test
  void keepsTheLastOnesInOrder() {
    publish(2);
    assertThat(numbers(feed.after(0, 10))).containsExactly(1L, 2L);
    publish(3);
    assertThat(numbers(feed.after(0, 10))).containsExactly(3L, 4L, 5L);
    assertThat(feed.latest()).isEqualTo(5);
  }

  @Test
  void saysHowManyAreGone() {
    publish(5);

    assertThat(feed.after(0, 10).missed()).isEqualTo(2);
    assertThat(feed.after(2, 10).missed()).isZero();
    assertThat(numbers(feed.after(4, 10))).containsExactly(5L);
    assertThat(feed.after(5, 10)).isEqualTo(new EventFeed.Batch(0, List.of()));
  }

  @Test
  void givesNoMoreThanIsAskedFor() {
    publish(3);

    assertThat(numbers(feed.after(0, 2))).containsExactly(1L, 2L);
  }

  @Test
  void knowsItsOwnIdsOnly() {
    publish(2);
    String id = feed.id(2);
    time.advance(Duration.ofSeconds(1));
    EventFeed other = new EventFeed(time, 3);
    other.publish(EventFeed.POOL, new JsonObject());

    assertThat(feed.number(id)).isEqualTo(2);
    assertThat(feed.number(feed.id(3))).isZero();
    assertThat(other.number(id)).isZero();
    assertThat(feed.number("")).isZero();
    assertThat(feed.number(id + "x")).isZero();
    assertThat(feed.number(id + "9".repeat(30))).isZero();
  }

  @Test
  void wakesItsReadersUntilTheyLeave() {
    AtomicInteger woken = new AtomicInteger();
    List<Runnable> readers = new ArrayList<>(List.of(woken::incrementAndGet));
    feed.addReader(readers.getFirst());
    publish(2);
    feed.removeReader(readers.getFirst());
    publish(1);

    assertThat(woken).hasValue(2);
  }
}
