package dev.belay.proxy.client;

import static java.util.Objects.requireNonNull;

import dev.belay.BreakerEvent;
import dev.belay.BreakerPolicy;
import dev.belay.BreakerSnapshot;
import dev.belay.CallObserver;
import dev.belay.Check;
import dev.belay.RetryBudget;
import dev.belay.RetryPolicy;
import dev.belay.Selection;
import dev.belay.Time;
import dev.belay.http.LoopTime;
import dev.belay.ledger.AttemptLedger;
import dev.belay.ledger.Summary;
import dev.belay.proxy.ProxyLog;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.select.BestRecent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests through a pool of unreliable proxies, with retry, breakers and failover. Safe for
 * any number of threads; keep one, and close it in the end.
 *
 * <p>It never connects to a target directly. Any target is allowed, those on this machine and in
 * private networks too, because it is the program itself that asks; {@link Builder#allowPrivate}
 * says otherwise. {@code https} goes through a tunnel with TLS from here to the target, so that its
 * answers too are retried by their status.
 *
 * {@snippet :
 * try (ProxyClient client =
 *     ProxyClient.builder()
 *         .proxy("http://user:password@proxy-1.example:3128")
 *         .proxy("socks5h://10.0.0.7:1080")
 *         .policy(RetryPolicy.fastFailover())
 *         .build()) {
 *
 *   ProxyResponse page = client.send(ProxyRequest.get(URI.create("https://example.com/")));
 *   System.out.println(page.status() + " through " + page.proxy() + "\n" + page.text());
 *
 *   ProxyRequest order =
 *       ProxyRequest.builder(ProxyRequest.Method.POST, URI.create("https://example.com/orders"))
 *           .header("Content-Type", "application/json")
 *           .body("{\"item\": 7}")
 *           .policy(RetryPolicy.NONE)
 *           .timeout(Duration.ofSeconds(5))
 *           .build();
 *   client.sendAsync(order).thenAccept(response -> System.out.println(response.report()));
 *
 *   client.circuitBreakers().forEach((id, breaker) -> System.out.println(id + " " + breaker));
 * }
 * }
 */
public final class ProxyClient implements AutoCloseable {
  private static final int METRIC_HOURS = 24;

  private final Rules rules;
  private final AttemptLedger ledger;
  private final Dispatcher dispatcher;

  private ProxyClient(Builder from) {
    this.ledger = new AttemptLedger(Time.system());
    Rules.Manner manner =
        new Rules.Manner(
            from.policy,
            from.limits,
            from.timeouts,
            from.redirects,
            from.decompress,
            from.throwOnExhausted,
            from.allowPrivate);
    this.rules =
        new Rules(
            from.pool(ledger),
            from.budget,
            CallObserver.all(ledger, new ProxyLog(), from.observer),
            new LoopTime(),
            manner);
    this.dispatcher =
        new Dispatcher(rules, from.targets(), from.http2, from.proxyTrust, from.executor);
  }

  /** Starts with the defaults, and no proxy. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Sends a request and waits until the whole response is here. A response that breaks off is a
   * failed attempt like any other.
   *
   * @return the last response, even if its status counts as a failure: {@link
   *     ProxyResponse#isExhausted}
   * @throws RequestRefused if nothing was sent, because all proxies are unavailable, say
   * @throws RequestFailed if no attempt brought a response, or it is too large
   * @throws RetriesExhausted if the client was told to throw it
   * @throws InterruptedException if the thread is interrupted; all attempts end at once
   */
  public ProxyResponse send(ProxyRequest request) throws InterruptedException {
    return dispatcher.await(request, false);
  }

  /**
   * The same without a thread that waits.
   *
   * @return completes as {@link #send} would return or throw, on the client's executor; cancelling
   *     it ends all attempts at once
   */
  public CompletableFuture<ProxyResponse> sendAsync(ProxyRequest request) {
    return dispatcher.dispatch(request, false);
  }

  /**
   * Sends a request and waits for the head of the response; its body is read as it comes. Nothing
   * is tried again after the head; a body that takes longer than the request may, or is silent for
   * longer than {@link ClientTimeouts#silence}, breaks off with an {@link java.io.IOException}.
   * Close the response.
   *
   * @throws ProxyClientException as {@link #send}
   * @throws InterruptedException if the thread is interrupted; all attempts end at once
   */
  public ProxyResponse stream(ProxyRequest request) throws InterruptedException {
    return dispatcher.await(request, true);
  }

  /**
   * The same without a thread that waits.
   *
   * @return completes as {@link #stream} would return or throw; cancelling it ends all attempts
   */
  public CompletableFuture<ProxyResponse> streamAsync(ProxyRequest request) {
    return dispatcher.dispatch(request, true);
  }

  /** The pool: its list may be replaced while requests are under way. */
  public UpstreamPool pool() {
    return rules.pool();
  }

  /** All proxies now, in the order of the pool. */
  public List<ProxyStatus> proxies() {
    return rules.pool().upstreams().stream()
        .map(proxy ->
            new ProxyStatus(
                proxy.id(),
                proxy.name(),
                proxy.traits(),
                proxy.breaker().snapshot(),
                proxy.stats().snapshot()))
        .toList();
  }

  /** The breakers by the ids of their proxies, at this moment, in the order of the pool. */
  public Map<String, BreakerSnapshot> circuitBreakers() {
    Map<String, BreakerSnapshot> breakers = new LinkedHashMap<>();
    rules.pool().upstreams().forEach(proxy -> breakers.put(proxy.id(), proxy.breaker().snapshot()));
    return Collections.unmodifiableMap(breakers);
  }

  /** What all attempts of the last 24 hours came to. */
  public Summary retryMetrics() {
    return ledger.summary(METRIC_HOURS);
  }

  /** The attempts by time, proxy, policy and target, and what breakers did. */
  public AttemptLedger ledger() {
    return ledger;
  }

  /**
   * Closes the breaker of a proxy, so that it is used again at once.
   *
   * @param id of the proxy, or its name
   * @throws IllegalArgumentException if there is no such proxy
   */
  public void reset(String id) {
    Upstream found =
        rules.pool().upstreams().stream()
            .filter(proxy -> proxy.id().equals(id) || proxy.name().equals(id))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("there is no proxy of that id; see proxies()"));
    found.breaker().reset();
  }

  /** Requests that are under way, those included whose response is still read. */
  public int underWay() {
    return dispatcher.underWay();
  }

  /** Connections to proxies that are open, those included that are kept for later. */
  public int connections() {
    return dispatcher.open();
  }

  /** Ends all requests that are under way, and closes all connections. */
  @Override
  public void close() {
    dispatcher.close();
  }

  /** Settings of a {@link ProxyClient}; each starts at its default. For one thread. */
  public static final class Builder {
    private static final int MOST_REDIRECTS = 50;

    private final List<UpstreamPool.Entry> entries = new ArrayList<>();
    private @Nullable UpstreamPool pool;
    private Selection selection = new BestRecent();
    private BreakerPolicy breakers = BreakerPolicy.DEFAULT;
    private Consumer<BreakerEvent> breakerListener = event -> {};
    private RetryPolicy policy = RetryPolicy.DEFAULT;
    private RetryBudget budget = RetryBudget.of(1, 10, 1_000, Time.system());
    private CallObserver observer = CallObserver.NONE;
    private ClientLimits limits = ClientLimits.DEFAULT;
    private ClientTimeouts timeouts = ClientTimeouts.DEFAULT;
    private @Nullable SSLContext targets;
    private @Nullable Path proxyTrust;
    private boolean http2 = true;
    private int redirects;
    private boolean decompress;
    private boolean throwOnExhausted;
    private boolean allowPrivate = true;
    private Executor executor = task -> Thread.ofVirtual().name("belay-response").start(task);

    private Builder() {}

    /**
     * One proxy more: {@code scheme://[user:password@]host:port} with {@code http}, {@code https},
     * {@code socks4}, {@code socks4a}, {@code socks5} or {@code socks5h}.
     *
     * @throws IllegalArgumentException that says what is wrong and shows no password
     */
    public Builder proxy(String url) {
      return proxy(UpstreamPool.Entry.of(url));
    }

    /** One proxy more, with what selection may choose by. */
    public Builder proxy(UpstreamPool.Entry proxy) {
      entries.add(requireNonNull(proxy, "proxy"));
      return this;
    }

    /**
     * Goes through a pool that others use too, instead of one of its own: then {@link #selection},
     * {@link #breakers} and {@link #onBreaker} are the pool's affair, and {@link
     * ProxyClient#ledger} hears nothing of breakers.
     */
    public Builder pool(UpstreamPool shared) {
      pool = requireNonNull(shared, "shared");
      return this;
    }

    /** How a proxy is chosen; default {@link BestRecent}. Sessions stay by every strategy. */
    public Builder selection(Selection selection) {
      this.selection = requireNonNull(selection, "selection");
      return this;
    }

    /** When breakers open; default {@link BreakerPolicy#DEFAULT}. */
    public Builder breakers(BreakerPolicy breakers) {
      this.breakers = requireNonNull(breakers, "breakers");
      return this;
    }

    /** Who is told what breakers do; default nobody. Must be quick, and safe for all threads. */
    public Builder onBreaker(Consumer<BreakerEvent> listener) {
      breakerListener = requireNonNull(listener, "listener");
      return this;
    }

    /** Holds for requests that bring no policy; default {@link RetryPolicy#DEFAULT}. */
    public Builder policy(RetryPolicy policy) {
      this.policy = requireNonNull(policy, "policy");
      return this;
    }

    /** Bounds retries and hedges; default one for each request and ten in a second. */
    public Builder budget(RetryBudget budget) {
      this.budget = requireNonNull(budget, "budget");
      return this;
    }

    /** Who is told of every attempt, besides the client's own ledger; default nobody. */
    public Builder observer(CallObserver observer) {
      this.observer = requireNonNull(observer, "observer");
      return this;
    }

    /** How much of everything; default {@link ClientLimits#DEFAULT}. */
    public Builder limits(ClientLimits limits) {
      this.limits = requireNonNull(limits, "limits");
      return this;
    }

    /** How long things may take; default {@link ClientTimeouts#DEFAULT}. */
    public Builder timeouts(ClientTimeouts timeouts) {
      this.timeouts = requireNonNull(timeouts, "timeouts");
      return this;
    }

    /**
     * How to speak TLS to targets, and whom to trust; default as the Java runtime. Host names are
     * verified always.
     */
    public Builder trust(SSLContext targets) {
      this.targets = requireNonNull(targets, "targets");
      return this;
    }

    /**
     * Trusts targets that show these certificates, or one that these signed, and no others.
     *
     * @param pem one or several certificates
     * @throws IllegalArgumentException if there are none to be read
     */
    public Builder trust(Path pem) {
      targets = Trust.of(pem);
      return this;
    }

    /**
     * Trusts HTTPS proxies that show these certificates, or one that these signed, and no others;
     * default as the Java runtime.
     *
     * @throws IllegalArgumentException if there are none to be read
     */
    public Builder trustProxies(Path pem) {
      Trust.of(pem);
      proxyTrust = pem;
      return this;
    }

    /** Whether to offer HTTP/2 to targets inside TLS; default yes. */
    public Builder http2(boolean offer) {
      http2 = offer;
      return this;
    }

    /**
     * How many redirects of a request are followed, 0 to 50; default none. From https to http none
     * is; another host gets only headers that are known to be harmless.
     */
    public Builder redirects(int most) {
      Check.that(
          most >= 0 && most <= MOST_REDIRECTS,
          "redirects must be 0 to %d, was %d",
          MOST_REDIRECTS,
          most);
      redirects = most;
      return this;
    }

    /** Whether to ask for gzip and deflate, and to unpack them; default no. */
    public Builder decompress(boolean unpack) {
      decompress = unpack;
      return this;
    }

    /** Whether a last response of a bad status is thrown; default it is handed over. */
    public Builder throwOnExhausted(boolean exhausted) {
      throwOnExhausted = exhausted;
      return this;
    }

    /**
     * Whether requests may go to this machine and to private networks; default yes. If not, the
     * text of the target decides, redirects included; and its address too where it is looked up
     * here, which it is for proxies of socks4 and socks5 only.
     */
    public Builder allowPrivate(boolean allowed) {
      allowPrivate = allowed;
      return this;
    }

    /** Where futures are completed; default a virtual thread each. */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    private SSLContext targets() {
      SSLContext wanted = targets;
      return wanted == null ? Trust.ofRuntime() : wanted;
    }

    private UpstreamPool pool(AttemptLedger ledger) {
      UpstreamPool shared = pool;
      if (shared != null) {
        Check.that(entries.isEmpty(), "proxies belong to the pool that is shared; add them there");
        return shared;
      }
      Consumer<BreakerEvent> listener =
          event -> {
            ledger.onBreakerEvent(event);
            ProxyLog.edge(event);
            breakerListener.accept(event);
          };
      UpstreamPool own = new UpstreamPool(selection, breakers, Time.system(), listener);
      own.replace(entries);
      return own;
    }

    /**
     * Ready for requests.
     *
     * @throws IllegalArgumentException if a proxy is there twice
     */
    public ProxyClient build() {
      return new ProxyClient(this);
    }
  }
}
