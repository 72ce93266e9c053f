package dev.belay.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.chaos.inject.PolicyRefused.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPoliciesTest {
  private final VirtualTime time = new VirtualTime();
  private final FaultPolicyStore store = FaultPolicyStore.inMemory();
  private final FaultPolicies policies = on(store);

  private FaultPolicies on(FaultPolicyStore kept) {
    return new FaultPolicies(kept, time, Runnable::run);
  }

  private static Policy policy(String name, String version, int seconds) {
    Rule rule =
        new Rule(
            RequestMatch.path("/"),
            new RuleFault(
                100,
                new Timing(Duration.ZERO, Duration.ofSeconds(seconds), Duration.ZERO),
                dev.belay.chaos.Fault.Hits.ALL,
                new Actions(1, Optional.empty(), List.of())));
    return new Policy(
        new Policy.Metadata(name, version, 0, "", Optional.empty()),
        Selector.ANY,
        Policy.Apply.FIRST,
        List.of(rule));
  }

  private static Policy owned(String name, String owner, Optional<Duration> lease) {
    return policy(name, "", 0).withMetadata(new Policy.Metadata(name, "", 0, owner, lease));
  }

  private List<String> names(FaultPolicies of) {
    return of.snapshot().policies().stream().map(kept -> kept.policy().name()).toList();
  }

  private static void refused(Reason reason, Runnable act) {
    assertThatThrownBy(act::run)
        .isInstanceOfSatisfying(
            PolicyRefused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  @Test
  void putsAPolicyInPlaceOfOneOfTheSameName() {
    policies.put(policy("a", "", 0));
    policies.put(policy("a", "2.0.0", 0));

    assertThat(names(policies)).containsExactly("a");
    assertThat(policies.find("a").orElseThrow().policy().metadata().version()).isEqualTo("2.0.0");
    assertThat(policies.snapshot().version()).isEqualTo(2);
  }

  @Test
  void createsOnlyWhatIsNotThereAndHasAProperNameAndVersion() {
    policies.create(policy("abc", "1.0.0", 0));

    refused(Reason.EXISTS, () -> policies.create(policy("abc", "1.0.0", 0)));
    refused(Reason.INVALID, () -> policies.create(policy("ab", "1.0.0", 0)));
    refused(Reason.INVALID, () -> policies.create(policy("-abc", "1.0.0", 0)));
    refused(Reason.INVALID, () -> policies.create(policy("a.bc", "1.0.0", 0)));
    refused(Reason.INVALID, () -> policies.create(policy("x".repeat(64), "1.0.0", 0)));
    refused(Reason.INVALID, () -> policies.create(policy("abcd", "1.0", 0)));
  }

  @Test
  void changesAPolicyToAGreaterVersionOnly() {
    policies.put(policy("abc", "1.9.0", 0));

    policies.update("abc", policy("abc", "1.10.0", 0));

    refused(Reason.INVALID, () -> policies.update("abc", policy("abc", "1.10.0", 0)));
    refused(Reason.INVALID, () -> policies.update("abc", policy("abc", "1.2.99", 0)));
    refused(Reason.INVALID, () -> policies.update("abc", policy("xyz", "2.0.0", 0)));
    refused(Reason.MISSING, () -> policies.update("xyz", policy("xyz", "2.0.0", 0)));
  }

  @Test
  void endsAPolicyWhenItsTimeIsOverAndTellsOfIt() {
    AtomicInteger told = new AtomicInteger();
    policies.put(policy("short", "", 2));
    policies.put(policy("long", "", 0));
    policies.addListener(told::incrementAndGet);

    time.advance(Duration.ofMillis(1_999));
    assertThat(names(policies)).containsExactly("long", "short");
    time.advance(Duration.ofMillis(1));

    assertThat(names(policies)).containsExactly("long");
    assertThat(told).hasValue(1);
    assertThat(store.policies()).hasSize(1);
  }

  @Test
  void endsAPolicyWithAnOwnerUnlessItIsRenewed() {
    policies.put(owned("a", "session-1", Optional.empty()));

    time.advance(Duration.ofSeconds(14));
    assertThat(policies.renew("a")).contains(time.instant().plusSeconds(15));
    time.advance(Duration.ofSeconds(14));
    assertThat(policies.renewAll("session-1")).isEqualTo(1);
    time.advance(Duration.ofMillis(14_999));
    assertThat(names(policies)).containsExactly("a");
    time.advance(Duration.ofMillis(1));

    assertThat(names(policies)).isEmpty();
    refused(Reason.MISSING, () -> policies.renew("a"));
  }

  /** A clock on the wall that somebody sets. */
  private final class SetClock implements Time {
    private Duration ahead = Duration.ZERO;

    @Override
    public long nanos() {
      return time.nanos();
    }

    @Override
    public long coarseNanos() {
      return time.coarseNanos();
    }

    @Override
    public Instant instant() {
      return time.instant().plus(ahead);
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
      time.sleep(nanos);
    }

    @Override
    public Timer after(long nanos, Executor executor, Runnable task) {
      return time.after(nanos, executor, task);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_600, 3_600})
  void aClockThatIsSetEndsNoPolicyLaterOrEarlier(long seconds) {
    SetClock clock = new SetClock();
    FaultPolicies set = new FaultPolicies(store, clock, Runnable::run);
    set.put(owned("leased", "session-1", Optional.of(Duration.ofSeconds(10))));
    set.put(policy("short", "", 20));

    clock.ahead = Duration.ofSeconds(seconds);

    time.advance(Duration.ofMillis(9_999));
    assertThat(names(set)).containsExactly("leased", "short");
    assertThat(set.snapshot().dated().getFirst().left()).contains(Duration.ofMillis(1));
    assertThat(set.snapshot().dated().getFirst().age()).isEqualTo(Duration.ofMillis(9_999));
    time.advance(Duration.ofMillis(1));
    assertThat(names(set)).containsExactly("short");
    time.advance(Duration.ofSeconds(10));
    assertThat(names(set)).isEmpty();
    assertThat(store.policies()).isEmpty();
  }

  @Test
  void endsAllPoliciesOfAnOwnerAtOnce() {
    policies.put(owned("a", "session-1", Optional.of(Duration.ofHours(1))));
    policies.put(owned("b", "session-2", Optional.of(Duration.ofHours(1))));
    policies.put(policy("c", "", 0));

    assertThat(policies.sweep("session-1")).isEqualTo(1);
    assertThat(policies.sweep("session-1")).isZero();
    assertThat(names(policies)).containsExactly("b", "c");
  }

  @Test
  void letsNothingInWhileItIsHalted() {
    policies.put(policy("a", "", 0));

    assertThat(policies.halt()).isEqualTo(1);
    assertThat(policies.halt()).isZero();
    refused(Reason.HALTED, () -> policies.put(policy("b", "", 0)));
    FaultPolicies later = on(store);
    later.recall();
    refused(Reason.HALTED, () -> later.put(policy("b", "", 0)));
    later.resume();
    later.put(policy("b", "", 0));

    assertThat(names(policies)).isEmpty();
    assertThat(names(later)).containsExactly("b");
  }

  @Test
  void endsAPolicyAtTheSameMomentOverARestart() {
    policies.put(policy("a", "", 10));
    policies.put(policy("gone", "", 3));
    policies.close();

    time.advance(Duration.ofSeconds(5));
    FaultPolicies later = on(store);
    later.recall();

    assertThat(names(later)).containsExactly("a");
    time.advance(Duration.ofMillis(4_999));
    assertThat(names(later)).containsExactly("a");
    time.advance(Duration.ofMillis(1));
    assertThat(names(later)).isEmpty();
    assertThat(store.policies()).isEmpty();
  }

  @Test
  void numbersItsChangesUpwardsOverARestart() {
    policies.put(policy("a", "", 0));
    policies.delete("a");
    long before = policies.snapshot().version();
    FaultPolicies later = on(store);
    later.recall();

    assertThat(later.snapshot().version()).isGreaterThanOrEqualTo(before);
    assertThat(later.put(policy("b", "", 0)).generation()).isGreaterThan(before);
  }

  @Test
  void putsNothingInForceThatIsNotWrittenDownAndEndsWhatIsAllTheSame() {
    AtomicBoolean broken = new AtomicBoolean();
    FaultPolicies failing = on(new Failing(store, broken));
    failing.put(policy("a", "", 1));
    failing.put(policy("b", "", 0));
    broken.set(true);

    assertThatThrownBy(() -> failing.put(policy("c", "", 0)))
        .isInstanceOf(UncheckedIOException.class);
    time.advance(Duration.ofSeconds(1));
    assertThat(names(failing)).containsExactly("b");
    assertThatThrownBy(() -> failing.delete("b")).isInstanceOf(UncheckedIOException.class);
    assertThat(names(failing)).isEmpty();
    broken.set(false);
    failing.delete("b");
    failing.delete("a");

    assertThat(store.policies()).isEmpty();
  }

  /** A store whose disk is full now and then. */
  private record Failing(FaultPolicyStore store, AtomicBoolean broken) implements FaultPolicyStore {
    private void check() {
      if (broken.get()) {
        throw new UncheckedIOException(new IOException("disk full"));
      }
    }

    @Override
    public List<Kept> policies() {
      check();
      return store.policies();
    }

    @Override
    public Standing standing() {
      check();
      return store.standing();
    }

    @Override
    public void save(Kept kept, Standing standing) {
      check();
      store.save(kept, standing);
    }

    @Override
    public void remove(List<String> names, Standing standing) {
      check();
      store.remove(names, standing);
    }
  }
}
