package dev.belay.proxy;

import dev.belay.Belay;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.Classifier;
import dev.belay.Deadline;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.Verdict;
import dev.belay.http.Credentials;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.ClientSSLOptions;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all listeners of one proxy share. Safe for any number of threads. */
final class Engine {
  private final ProxySettings settings;
  private final UpstreamPool pool;
  private final Time time;
  private final ClientSSLOptions tls;
  private final Belay<Upstream> belay;
  private final Traffic traffic = new Traffic();
  private volatile Policies policies;
  private volatile Set<String> retryMethods;

  Engine(
      ProxySettings settings,
      UpstreamPool pool,
      RetryBudget budget,
      CallObserver observer,
      ClientSSLOptions tls,
      Time time) {
    this.settings = settings;
    this.pool = pool;
    this.time = time;
    this.tls = tls;
    this.policies = new Policies(settings.policies(), settings.timeouts().answer());
    this.retryMethods = settings.retryMethods();
    this.belay =
        Belay.over(pool.pool())
            .policy(policies.standard())
            .classifier(new Verdicts())
            .budget(budget)
            .observer(observer)
            .time(time)
            .build();
  }

  /** Verdicts are made where the evidence is; here they are only read. */
  private static final class Verdicts implements Classifier {
    @Override
    public Verdict value(@Nullable Object value) {
      return value instanceof Answer answer ? answer.verdict() : Verdict.SUCCESS;
    }

    @Override
    public Verdict failure(Throwable failure) {
      return failure instanceof Judged judged
          ? judged.verdict()
          : Classifier.STANDARD.failure(failure);
    }
  }

  ProxySettings settings() {
    return settings;
  }

  UpstreamPool pool() {
    return pool;
  }

  Belay<Upstream> belay() {
    return belay;
  }

  Evidence evidence() {
    return pool.evidence();
  }

  Traffic traffic() {
    return traffic;
  }

  ClientSSLOptions tls() {
    return tls;
  }

  Time time() {
    return time;
  }

  Policies policies() {
    return policies;
  }

  void usePolicies(Map<String, RetryPolicy> configured) {
    policies = new Policies(configured, settings.timeouts().answer());
  }

  void useRetryMethods(Set<String> configured) {
    retryMethods = Set.copyOf(configured);
  }

  /** Whether these credentials will do; takes the same time whatever is wrong with them. */
  boolean admits(Credentials credentials) {
    return admits(credentials.user(), credentials.password());
  }

  boolean admits(Wishes wishes) {
    return admits(wishes.user(), wishes.password());
  }

  private boolean admits(String user, String password) {
    Map<String, String> users = settings.access().users();
    if (users.isEmpty()) {
      return true;
    }
    String name = Wishes.of(user, "").user();
    String expected = users.getOrDefault(name, "");
    boolean same =
        MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
    return same && users.containsKey(name);
  }

  /** Lets a request for a target in, unless it may not go there, or not now. */
  Admission visit(Target target, RetryPolicy policy) {
    if (!settings.access().allowPrivate() && target.isPrivate()) {
      return new Admission.Refused(Refusal.privateTarget(target));
    }
    Optional<Duration> lost = pool.connectivity().refusal();
    if (lost.isPresent()) {
      return new Admission.Refused(Refusal.noNetwork(pool.upstreams().size(), lost.get()));
    }
    Visit visit = evidence().visit(target.name(), policy.maxHintWait());
    return visit
        .refusal()
        .<Admission>map(wait -> new Admission.Refused(Refusal.failingTarget(target, wait)))
        .orElseGet(() -> new Admission.Granted(visit));
  }

  /** Whether a target may be at this address, which its name did not tell. */
  boolean mayReach(InetAddress address) {
    return settings.access().allowPrivate() || !PrivateNetworks.contain(address);
  }

  /** Whether a request may be tried again although the target may have acted on it. */
  boolean repeats(HttpMethod method) {
    return retryMethods.contains(method.name());
  }

  Call call(Target target, Wishes wishes, boolean idempotent) {
    RetryPolicy policy = wishes.policy(policies);
    return Call.DEFAULT
        .withTarget(target.name())
        .withSession(wishes.word("session"))
        .withRegion(wishes.word("region"))
        .withCountry(wishes.word("country"))
        .withIdempotent(idempotent)
        .withPolicy(policy);
  }

  /** How long one step may take, within the attempt's own deadline. */
  static Duration within(Deadline deadline, Duration limit) {
    Duration left = deadline.left();
    return left.compareTo(limit) < 0 ? left : limit;
  }
}
