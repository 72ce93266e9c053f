package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.BreakerPolicy;
import dev.belay.Endpoint.Traits;
import dev.belay.VirtualTime;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.select.RoundRobin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proxies that leave the pool by themselves. */
class ExpiryTest {
  private final VirtualTime time = new VirtualTime();
  private final UpstreamPool pool =
      new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, time, event -> {});

  private Entry entry(String url, Duration left) {
    return new Entry(ProxyAddress.parse(url), Traits.NONE, time.instant().plus(left));
  }

  private List<String> names() {
    return pool.upstreams().stream().map(Upstream::name).toList();
  }

  private void advance(Duration length, int left) {
    time.advance(length);
    Eventually.holds(left + " are left", () -> pool.upstreams().size() == left);
  }

  @Test
  void eachLeavesInItsTurnAndTheOthersStay() {
    pool.replace(
        List.of(
            entry("http://a:1", Duration.ofHours(2)),
            Entry.of("http://b:1"),
            entry("http://c:1", Duration.ofHours(1))));
    assertThat(pool.expiries().values())
        .containsExactlyInAnyOrder(
            time.instant().plus(Duration.ofHours(1)), time.instant().plus(Duration.ofHours(2)));

    time.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(names()).containsExactly("http://a:1", "http://b:1", "http://c:1");
    advance(Duration.ofMillis(1), 2);
    assertThat(names()).containsExactly("http://a:1", "http://b:1");
    advance(Duration.ofHours(1), 1);
    assertThat(names()).containsExactly("http://b:1");
  }

  @Test
  void oneMayLastForThousandsOfYears() {
    pool.supply("list", List.of(entry("http://a:1", Duration.ofDays(1_000_000))));

    assertThat(names()).containsExactly("http://a:1");
  }

  @Test
  void oneWhoseTimeIsOverDoesNotComeInAndIsNotRemembered() {
    PoolStore store = PoolStore.inMemory();
    PoolChanges changes = new PoolChanges(pool, store, List.of());
    changes.add(List.of(entry("http://a:1", Duration.ofHours(1))));
    assertThat(names()).containsExactly("http://a:1");
    advance(Duration.ofHours(1), 0);

    changes.add(List.of(Entry.of("http://b:1")));

    assertThat(names()).containsExactly("http://b:1");
    assertThat(store.changes()).extracting(PoolStore.Change::id).hasSize(1);
  }

  @Test
  void oneThatIsRenewedStays() {
    pool.supply("list", List.of(entry("http://a:1", Duration.ofHours(1))));
    time.advance(Duration.ofMinutes(30));
    pool.supply("list", List.of(entry("http://a:1", Duration.ofHours(1))));

    time.advance(Duration.ofMinutes(59));

    assertThat(names()).containsExactly("http://a:1");
    assertThat(pool.expiries().values()).containsExactly(Instant.parse("2026-01-01T01:30:00Z"));
  }
}
