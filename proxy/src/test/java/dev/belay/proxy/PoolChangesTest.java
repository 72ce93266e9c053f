package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.Endpoint.Traits;
import dev.belay.RetryPolicy;
import dev.belay.VirtualTime;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.select.RoundRobin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolChangesTest {
  private final VirtualTime time = new VirtualTime();
  private final PoolStore store = PoolStore.inMemory();

  private UpstreamPool pool() {
    return new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, time, event -> {});
  }

  private static List<Entry> entries(String... hosts) {
    return java.util.Arrays.stream(hosts).map(host -> Entry.of("http://" + host + ":1")).toList();
  }

  private static String id(String host) {
    return Entry.of("http://" + host + ":1").address().id();
  }

  private static List<String> hosts(UpstreamPool pool) {
    return pool.upstreams().stream().map(upstream -> upstream.address().host()).toList();
  }

  private UpstreamPool restarted(String... configured) {
    UpstreamPool pool = pool();
    new PoolChanges(pool, store, entries(configured)).load();
    return pool;
  }

  @Test
  void whatWasChangedIsThereAfterARestart() {
    UpstreamPool pool = pool();
    PoolChanges changes = new PoolChanges(pool, store, entries("a", "b"));
    changes.add(entries("c", "d"));
    assertThat(changes.remove(id("a"))).isTrue();
    assertThat(changes.remove(id("c"))).isTrue();
    assertThat(hosts(pool)).containsExactly("b", "d");

    assertThat(hosts(restarted("a", "b"))).containsExactly("b", "d");
  }

  @Test
  void holdsOverANewConfiguration() {
    UpstreamPool pool = pool();
    PoolChanges changes = new PoolChanges(pool, store, entries("a"));
    changes.remove(id("a"));
    changes.add(entries("b"));

    changes.configure(entries("a", "c"));

    assertThat(hosts(pool)).containsExactly("c", "b");
  }

  @Test
  void leavesAProxyThatWasNeverConfiguredToTheConfigurationWhenItIsRemoved() {
    PoolChanges changes = new PoolChanges(pool(), store, entries("a"));
    changes.add(entries("b"));
    changes.remove(id("b"));

    assertThat(store.changes()).isEmpty();
    assertThat(hosts(restarted("a", "b"))).containsExactly("a", "b");
  }

  @Test
  void aRemovedOneCanBeAddedAgain() {
    PoolChanges changes = new PoolChanges(pool(), store, entries("a"));
    changes.remove(id("a"));
    changes.add(entries("a"));

    assertThat(hosts(restarted("a"))).containsExactly("a");
  }

  @Test
  void newTraitsTakeTheSamePlaceAndKeepTheBreaker() {
    UpstreamPool pool = pool();
    PoolChanges changes = new PoolChanges(pool, store, entries("a", "b"));
    pool.upstreams().getFirst().breaker().trip();

    changes.add(
        List.of(new Entry(entries("a").getFirst().address(), Traits.NONE.withRegion("EU"))));

    assertThat(hosts(pool)).containsExactly("a", "b");
    Upstream first = pool.upstreams().getFirst();
    assertThat(first.traits().region()).isEqualTo("EU");
    assertThat(first.breaker().state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void removesNothingThatIsNotThere() {
    PoolChanges changes = new PoolChanges(pool(), store, entries("a"));
    assertThat(changes.remove(id("z"))).isFalse();
    assertThat(store.changes()).isEmpty();
  }

  @Test
  void whatCannotBeStoredIsNotInForce() {
    PoolStore broken =
        new PoolStore() {
          @Override
          public List<Change> changes() {
            return List.of();
          }

          @Override
          public void save(List<? extends Change> changes) {
            throw new UncheckedIOException(new IOException("full"));
          }

          @Override
          public void forget(Collection<String> ids) {
            throw new UncheckedIOException(new IOException("full"));
          }
        };
    UpstreamPool pool = pool();
    PoolChanges changes = new PoolChanges(pool, broken, entries("a"));

    assertThatThrownBy(() -> changes.add(entries("b"))).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> changes.remove(id("a"))).isInstanceOf(UncheckedIOException.class);
    assertThat(hosts(pool)).containsExactly("a");
  }

  @Test
  void changesAreBounded() {
    PoolChanges changes = new PoolChanges(pool(), store, List.of());
    List<Entry> many =
        java.util.stream.IntStream.rangeClosed(0, PoolChanges.MOST)
            .mapToObj(i -> Entry.of("http://h" + i + ":1"))
            .toList();

    assertThatThrownBy(() -> changes.add(many))
        .hasMessage("at most 100000 proxies may be changed at run time, would be 100001");
    assertThat(store.changes()).isEmpty();
  }

  @Test
  void breakersThatAreNotClosedAreTold() {
    UpstreamPool pool = pool();
    pool.replace(entries("open", "tested", "closed", "held"));
    pool.upstreams().get(1).breaker().trip();
    time.advance(Duration.ofSeconds(30));
    pool.upstreams().get(0).breaker().trip();
    pool.upstreams().get(3).breaker().holdOpen();

    BreakerStore breakers = BreakerStore.inMemory();
    breakers.save(BreakerStore.openIn(pool));

    assertThat(breakers.open()).containsExactlyInAnyOrder(id("open"), id("tested"));
  }

  @Test
  void aPolicyThatWasSetHoldsUntilTheConfiguredOneChanges() {
    PolicyStore policies = PolicyStore.inMemory();
    RetryPolicy set = RetryPolicy.named("default").maxAttempts(7).build();
    policies.save(set, RetryPolicy.DEFAULT);

    assertThat(policies.over(RetryPolicy.DEFAULT)).contains(set);
    assertThat(policies.over(RetryPolicy.critical())).isEmpty();
    policies.forget();
    assertThat(policies.over(RetryPolicy.DEFAULT)).isEmpty();
  }
}
