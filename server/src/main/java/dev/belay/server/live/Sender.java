package dev.belay.server.live;

import dev.belay.CallObserver;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.proxy.PrivateNetworks;
import dev.belay.proxy.ProxySettings;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.client.ClientLimits;
import dev.belay.proxy.client.ProxyClient;
import dev.belay.proxy.client.ProxyRequest;
import dev.belay.proxy.client.ProxyResponse;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Sends requests for clients of the API: through the pool that the forward proxy uses, under the
 * same breakers, budget and policies. Safe for any number of threads.
 */
public final class Sender implements AutoCloseable {
  private static final int AT_ONCE = 256;

  private final ProxyClient client;
  private final boolean allowPrivate;
  private volatile Set<String> retryMethods;
  private volatile Map<String, RetryPolicy> policies;

  /**
   * Ready to send.
   *
   * @param settings of the forward proxy: where targets may be, and what may be tried again
   * @param mostBytes of an answer; of a longer one only the beginning is kept
   */
  public Sender(
      UpstreamPool pool,
      RetryBudget budget,
      CallObserver observer,
      ProxySettings settings,
      int mostBytes) {
    this.allowPrivate = settings.access().allowPrivate();
    this.retryMethods = settings.retryMethods();
    this.policies = Map.of("default", RetryPolicy.DEFAULT);
    this.client =
        ProxyClient.builder()
            .pool(pool)
            .budget(budget)
            .observer(observer)
            .allowPrivate(allowPrivate)
            .limits(ClientLimits.DEFAULT.withRequests(AT_ONCE).withBodyBytes(mostBytes))
            .build();
  }

  /** Sends by these from the next request on. */
  public void usePolicies(Map<String, RetryPolicy> named) {
    policies = Map.copyOf(named);
  }

  /** Repeats requests of these methods from the next one on. */
  public void useRetryMethods(Set<String> methods) {
    retryMethods = Set.copyOf(methods);
  }

  /** The policy of this name, if there is one. */
  public Optional<RetryPolicy> policy(String name) {
    return Optional.ofNullable(policies.get(name));
  }

  /** The names of all policies, sorted. */
  public Set<String> policyNames() {
    return new TreeSet<>(policies.keySet());
  }

  /** Whether a request may be tried again although the target may have acted on it. */
  public boolean repeats(ProxyRequest.Method method) {
    return retryMethods.contains(method.name());
  }

  /** Whether requests may go there. */
  public boolean allows(URI target) {
    String host = target.getHost() == null ? "" : target.getHost();
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return allowPrivate || !PrivateNetworks.contain(bare);
  }

  /**
   * Sends a request; the body of the answer is read as it comes. Cancelling the future ends all
   * attempts.
   */
  public CompletableFuture<ProxyResponse> send(ProxyRequest request) {
    return client.streamAsync(request);
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    client.close();
  }
}
