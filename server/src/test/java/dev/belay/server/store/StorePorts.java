package dev.belay.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Backoff;
import dev.belay.Endpoint.Traits;
import dev.belay.ErrorClass;
import dev.belay.Hedge;
import dev.belay.Jitter;
import dev.belay.RetryPolicy;
import dev.belay.http.Credentials;
import dev.belay.http.ProxyAddress;
import dev.belay.ledger.HourRecord;
import dev.belay.ledger.PeriodSum;
import dev.belay.proxy.PoolStore.Added;
import dev.belay.proxy.PoolStore.Removed;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.server.config.BelayConfig;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every database has to do alike. */
abstract class StorePorts {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<Store> open = new ArrayList<>();

  /** An address of a database that the test has for itself. */
  abstract String url();

  static BelayConfig.Store config(String url, String instance) {
    return new BelayConfig.Store(url, instance, Duration.ofDays(7), false);
  }

  final Store opening(String instance) {
    Store store = Store.opening(config(url(), instance));
    open.add(store);
    return store;
  }

  final Store opened(String instance) throws Exception {
    Store store = opening(instance);
    assertThat(store.await(LONG)).isTrue();
    assertThat(store.alarm().problem()).isEmpty();
    return store;
  }

  final Store opened() throws Exception {
    return opened("belay");
  }

  /** Closes one and opens the next, as a restart does. */
  final Store reopened(Store store) throws Exception {
    store.close();
    return opened();
  }

  @AfterEach
  void close() {
    open.forEach(Store::close);
  }

  private static Instant hour(int hours) {
    return NOON.plus(Duration.ofHours(hours));
  }

  @Test
  void hoursComeBackAsTheyWere() throws Exception {
    List<HourRecord> hours = List.of(Hours.hour(NOON, 5), Hours.hour(hour(1), 1L << 60));
    Store store = opened();
    store.ledger().save(hours);

    Store again = reopened(store);
    assertThat(again.ledger().load(NOON)).isEqualTo(hours);
    assertThat(again.ledger().load(hour(1))).isEqualTo(hours.subList(1, 2));
    assertThat(again.ledger().hours(NOON, hour(1))).containsExactly(hours.getFirst().sum());
  }

  @Test
  void anHourReplacesWhatWasThereForIt() throws Exception {
    Store store = opened();
    store.ledger().save(List.of(Hours.hour(NOON, 5)));
    store.ledger().save(List.of(Hours.hour(NOON, 6), Hours.hour(hour(1), 7)));

    assertThat(store.ledger().load(NOON))
        .containsExactly(Hours.hour(NOON, 6), Hours.hour(hour(1), 7));
  }

  @Test
  void hoursMoveIntoTheSumsOfTheirDays() throws Exception {
    Store store = opened();
    store.ledger().save(IntStream.range(0, 36).mapToObj(i -> Hours.hour(hour(i), 10)).toList());
    List<PeriodSum> before = store.ledger().days(NOON, hour(36));
    assertThat(before)
        .extracting(day -> day.totals().successByAttempt().get(0))
        .containsExactly(120L, 240L);

    for (int i = 0; i <= 20; i++) {
      store.ledger().rollUp(hour(i), Instant.EPOCH);
      assertThat(store.ledger().days(NOON, hour(36))).isEqualTo(before);
    }
    assertThat(store.ledger().load(NOON)).hasSize(16);

    store.ledger().rollUp(hour(36), Instant.parse("2026-03-02T00:00:00Z"));
    assertThat(store.ledger().days(NOON, hour(36))).isEqualTo(before.subList(1, 2));
    assertThat(store.ledger().load(NOON)).isEmpty();
  }

  @Test
  void changesOfThePoolComeBackInOrder() throws Exception {
    Credentials odd = new Credentials("a@b%c", "p@:%/ß+ x");
    ProxyAddress address =
        ProxyAddress.parse("http://a%40b%25c:p%40%3A%25%2F%C3%9F%2B%20x@[2001:db8::1]:3128");
    Added first =
        new Added(
            new Entry(
                address,
                new Traits("EU-1", "DE", Set.of("paid", "x:y"), 2.5, 0.002, 7),
                Instant.parse("2030-12-31T00:00:00.123Z")));
    Added second = new Added(Entry.of("socks5h://10.0.0.7:1080"));
    Removed third = new Removed("0123456789ab");
    Store store = opened();
    store.pool().save(List.of(first, third));
    store.pool().save(List.of(second));
    store.pool().save(List.of(new Removed(second.id())));
    store.pool().save(List.of(second, first));

    Store again = reopened(store);
    assertThat(again.pool().changes()).containsExactly(third, second, first);
    assertThat(((Added) again.pool().changes().getLast()).entry().address().credentials())
        .contains(odd);
    again.pool().forget(List.of(first.id(), third.id()));
    assertThat(reopened(again).pool().changes()).containsExactly(second);
  }

  @Test
  void tenThousandProxiesAreOneStep() throws Exception {
    Store store = opened();
    store
        .pool()
        .save(
            IntStream.range(0, 10_000)
                .mapToObj(i -> new Added(Entry.of("http://u%d:p@h%d:1".formatted(i, i))))
                .toList());

    assertThat(store.pool().changes()).hasSize(10_000);
  }

  @Test
  void openBreakersAreThoseOfTheLastTime() throws Exception {
    Store store = opened();
    store.breakers().save(Set.of("a", "b"));
    store.breakers().save(Set.of("b", "c"));

    assertThat(reopened(store).breakers().open()).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void aPolicyComesBackWhole() throws Exception {
    RetryPolicy policy =
        RetryPolicy.named("default")
            .maxAttempts(4)
            .backoff(
                Backoff.fibonacci(Duration.ofMillis(250))
                    .withMultiplier(3)
                    .withCap(Duration.ofMillis(1_500))
                    .withJitter(Jitter.DECORRELATED))
            .timeout(RetryPolicy.FOREVER)
            .attemptTimeout(Duration.ofSeconds(20))
            .maxHintWait(Duration.ofSeconds(30))
            .maxOpenWait(Duration.ofSeconds(5))
            .retryStatusCodes(Set.of(408, 500))
            .retryClasses(Set.of(ErrorClass.CONNECT, ErrorClass.STATUS))
            .retryNonIdempotent(true)
            .immediateFailover(true)
            .hedge(new Hedge(2, Duration.ofMillis(200), 0.95))
            .build();
    Store store = opened();
    store.policies().save(policy, RetryPolicy.DEFAULT);

    Store again = reopened(store);
    assertThat(again.policies().over(RetryPolicy.DEFAULT)).contains(policy);
    assertThat(again.policies().over(RetryPolicy.critical())).isEmpty();
    again.policies().forget();
    assertThat(again.policies().over(RetryPolicy.DEFAULT)).isEmpty();
  }

  @Test
  void aPolicyThatIsAFunctionCannotBeStored() throws Exception {
    RetryPolicy policy =
        RetryPolicy.named("mine").backoff(Backoff.custom(n -> Duration.ofSeconds(n + 1))).build();
    Store store = opened();

    assertThatThrownBy(() -> store.policies().save(policy, RetryPolicy.DEFAULT))
        .hasMessage("policy mine cannot be stored: its waits are a function");
  }

  @Test
  void twoOfTheSameNameCannotShareIt() throws Exception {
    Store first = opened();
    Store second = opening("belay");

    assertThatThrownBy(() -> second.await(LONG))
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining("is in use by another belay")
        .hasMessageContaining("store.instance")
        .hasMessageNotContaining("\n");
    first.close();
    opened();
  }

  @Test
  void serversOfDifferentNamesShareItWithoutMixing() throws Exception {
    Store one = opened("one");
    Store two = opened("two");
    one.ledger().save(List.of(Hours.hour(NOON, 1)));
    two.ledger().save(List.of(Hours.hour(NOON, 2)));
    one.breakers().save(Set.of("a"));
    one.pool().save(List.of(new Removed("a")));
    one.policies().save(RetryPolicy.critical(), RetryPolicy.DEFAULT);
    two.ledger().rollUp(hour(9), Instant.EPOCH);

    assertThat(one.ledger().load(NOON)).containsExactly(Hours.hour(NOON, 1));
    assertThat(two.ledger().load(NOON)).isEmpty();
    assertThat(two.ledger().days(NOON, hour(9))).hasSize(1);
    assertThat(two.breakers().open()).isEmpty();
    assertThat(two.pool().changes()).isEmpty();
    assertThat(two.policies().over(RetryPolicy.DEFAULT)).isEmpty();
  }

  @Test
  void aNewerOneIsRefused() throws Exception {
    Store store = opened();
    java.util.Objects.requireNonNull(store.database())
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "insert into belay_schema_history (installed_rank, version, description, type,"
                    + " script, installed_by, execution_time, success)"
                    + " values (9, '7', 'later', 'SQL', 'V7__later.sql', 'x', 1, true)"));
    store.close();

    assertThatThrownBy(() -> opening("belay").await(LONG))
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining(
            "was written by a newer belay (schema 7, this one knows " + Schema.VERSION + ")")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aRowThatSomebodySpoiledIsAFailure() throws Exception {
    Store store = opened();
    store.ledger().save(List.of(Hours.hour(NOON, 5)));
    java.util.Objects.requireNonNull(store.database())
        .jdbi()
        .useHandle(handle -> handle.execute("update belay_hours set totals = '{'"));

    assertThatThrownBy(() -> store.ledger().load(NOON))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("a row cannot be read");
    assertThat(store.alarm().isRaised()).isTrue();
  }

  @Test
  void afterItIsClosedThePortsSaySo() throws Exception {
    Store store = opened();
    store.close();

    assertThatThrownBy(() -> store.breakers().open())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("not open");
    assertThat(store.alarm().isRaised()).isFalse();
  }
}
