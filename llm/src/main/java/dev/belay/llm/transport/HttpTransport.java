package dev.belay.llm.transport;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Time;
import dev.belay.http.LoopTime;
import dev.belay.http.Loops;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmException;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.ErrorReader;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.MissingVariable;
import dev.belay.llm.provider.WireRequest;
import dev.belay.llm.provider.WriteOptions;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.URI;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests over HTTP: connections are pooled by origin, certificates are verified, HTTP/2
 * is spoken where the provider offers it over TLS. What follows on its stages runs on event loops,
 * and must not block them. Safe for any number of threads.
 */
public final class HttpTransport implements LlmTransport, AutoCloseable {
  private static final Headers AGENT = Headers.of("user-agent", "belay");

  private final Vertx vertx;
  private final boolean ownsLoops;
  private final Clients clients;
  private final Time time;
  private final ErrorReader errors;
  private final HeadListener heads;
  private final WriteOptions options;

  private HttpTransport(Builder from, Loops loops, boolean ownsLoops) {
    this.vertx = loops.vertx();
    this.ownsLoops = ownsLoops;
    this.clients = new Clients(vertx, from.connections, from.keepAlive, from.trust);
    this.time = from.time;
    this.errors = from.errors;
    this.heads = from.heads;
    this.options = from.options;
  }

  /** Begins to set one up. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public CompletionStage<LlmResponse> send(LlmEndpoint endpoint, LlmRequest request, Terms terms) {
    return ask(endpoint, request, terms, null);
  }

  @Override
  public CompletionStage<LlmResponse> stream(
      LlmEndpoint endpoint, LlmRequest request, Terms terms, StreamSink sink) {
    return ask(endpoint, request, terms, requireNonNull(sink, "sink"));
  }

  private CompletionStage<LlmResponse> ask(
      LlmEndpoint endpoint, LlmRequest request, Terms terms, @Nullable StreamSink sink) {
    Backend.Http http = http(endpoint);
    CompletableFuture<LlmResponse> result = new CompletableFuture<>();
    WireRequest wire;
    Headers headers;
    try {
      LlmRequest toModel = request.toBuilder().model(endpoint.model()).build();
      wire = http.dialect().write(toModel, options.withStream(sink != null));
      headers =
          AGENT
              .with(wire.headers())
              .with(known(http, terms))
              .with(http.headers())
              .with(login(http));
    } catch (LlmException unsendable) {
      return CompletableFuture.failedFuture(unsendable);
    }
    AnswerReceiver.Reader reader =
        new AnswerReceiver.Reader(
            endpoint.provider(), http.dialect(), errors, time::instant, terms.limits().event());
    Context context = context();
    AnswerReceiver receiver =
        new AnswerReceiver(
            reader, sink, result, () -> task -> context.runOnContext(none -> task.run()));
    Exchange exchange = exchange(context, endpoint, terms, receiver);
    abortIfCancelled(result, exchange);
    Buffer body = Buffer.buffer(wire.body());
    URI base = http.base();
    RequestOptions to = target(base, wire.method(), wire.path());
    begin(exchange, () -> exchange.start(clients.of(base), to, headers, body, sink != null));
    return result;
  }

  /**
   * Passes a request on as it is, but for login and host; and its answer as it comes, whatever its
   * status. {@link Limits#first} is the time until the head of the answer.
   */
  public CompletionStage<RawAnswer> raw(LlmEndpoint endpoint, RawRequest request, Terms terms) {
    Backend.Http http = http(endpoint);
    CompletableFuture<RawAnswer> head = new CompletableFuture<>();
    Headers headers;
    try {
      headers =
          Passing.out(request.headers())
              .with(known(http, terms))
              .with(http.headers())
              .with(login(http));
    } catch (LlmException unsendable) {
      return CompletableFuture.failedFuture(unsendable);
    }
    RawReceiver receiver = new RawReceiver(head);
    Exchange exchange = exchange(context(), endpoint, terms, receiver);
    receiver.of(exchange);
    abortIfCancelled(head, exchange);
    Buffer body = Buffer.buffer(request.body());
    URI base = http.base();
    RequestOptions to = target(base, request.method(), request.path());
    begin(exchange, () -> exchange.start(clients.of(base), to, headers, body, true));
    return head;
  }

  /** The loops may be gone already, after the transport was closed. */
  private static void begin(Exchange exchange, Runnable start) {
    try {
      exchange.loop().execute(start);
    } catch (RejectedExecutionException closed) {
      exchange.fail(
          new ProviderException(
              ProviderError.of(ErrorKind.CANCELLED, "the transport has been closed")));
    }
  }

  private static Backend.Http http(LlmEndpoint endpoint) {
    if (endpoint.backend() instanceof Backend.Http http) {
      return http;
    }
    throw new IllegalArgumentException("%s is not reached by HTTP".formatted(endpoint.name()));
  }

  private static Headers login(Backend.Http http) {
    try {
      return http.dialect().login(http.key().reveal());
    } catch (MissingVariable missing) {
      throw new ProviderException(
          ProviderError.of(ErrorKind.AUTH, String.valueOf(missing.getMessage())));
    }
  }

  private static Headers known(Backend.Http http, Terms terms) {
    return terms.idempotencyKey().isEmpty()
        ? Headers.NONE
        : http.dialect()
            .idempotencyHeader()
            .map(name -> Headers.of(name, terms.idempotencyKey()))
            .orElse(Headers.NONE);
  }

  private Context context() {
    Context current = Vertx.currentContext();
    return current != null && current.isEventLoopContext() && current.owner().equals(vertx)
        ? current
        : ((VertxInternal) vertx).createEventLoopContext();
  }

  private Exchange exchange(Context context, LlmEndpoint endpoint, Terms terms, Receiver receiver) {
    return new Exchange(context, time, terms, new ToldReceiver(receiver, endpoint, heads, time));
  }

  private static <T> void abortIfCancelled(CompletableFuture<T> result, Exchange exchange) {
    var unused =
        result.whenComplete((value, failure) -> {
          if (result.isCancelled()) {
            exchange.loop().execute(exchange::abort);
          }
        });
  }

  private static RequestOptions target(URI base, String method, String path) {
    boolean secure = "https".equals(base.getScheme());
    String below = base.getRawPath() == null ? "" : base.getRawPath();
    below = below.endsWith("/") ? below.substring(0, below.length() - 1) : below;
    int port = secure ? 443 : 80;
    return new RequestOptions()
        .setMethod(HttpMethod.valueOf(method))
        .setHost(base.getHost())
        .setPort(base.getPort() < 0 ? port : base.getPort())
        .setSsl(secure)
        .setURI(below + path)
        .setFollowRedirects(false);
  }

  /** Closes all connections; requests that are under way fail. */
  @Override
  public void close() {
    clients.close();
    if (ownsLoops) {
      var unused = vertx.close();
    }
  }

  /** Collects the settings. */
  public static final class Builder {
    private @Nullable Loops loops;
    private Time time = new LoopTime();
    private ErrorReader errors = ErrorReader.byStatus();
    private HeadListener heads = HeadListener.NONE;
    private WriteOptions options = WriteOptions.WHOLE;
    private int connections = 256;
    private Duration keepAlive = Duration.ofMinutes(1);
    private @Nullable KeyStore trust;

    private Builder() {}

    /** Event loops to share; default one of its own that keeps no process alive. */
    public Builder loops(Loops shared) {
      loops = shared;
      return this;
    }

    /** Default the machine's. */
    public Builder time(Time clock) {
      time = clock;
      return this;
    }

    /** Judges what providers say instead of an answer; default by the status alone. */
    public Builder errors(ErrorReader reader) {
      errors = reader;
      return this;
    }

    /** Hears of the head of each answer; default nobody. */
    public Builder heads(HeadListener listener) {
      heads = listener;
      return this;
    }

    /** Variables and MCP servers; whether to stream is decided by the call. */
    public Builder options(WriteOptions how) {
      options = how;
      return this;
    }

    /**
     * Connections to one origin over HTTP/1.1, 1 to 10,000; default 256. Ten times as many requests
     * may wait for one.
     */
    public Builder connections(int most) {
      Check.that(most >= 1 && most <= 10_000, "connections must be 1 to 10000, was %d", most);
      connections = most;
      return this;
    }

    /** How long a connection is kept without a request, 1 s to a day; default a minute. */
    public Builder keepAlive(Duration idle) {
      Check.that(
          idle.toSeconds() >= 1 && idle.compareTo(Duration.ofDays(1)) <= 0,
          "keep_alive must be 1 s to a day, was %s",
          idle);
      keepAlive = idle;
      return this;
    }

    /** Trusts these certificates and no others; default those that the Java runtime trusts. */
    public Builder trust(KeyStore certificates) {
      trust = certificates;
      return this;
    }

    /** The transport. */
    public HttpTransport build() {
      return loops == null
          ? new HttpTransport(this, Loops.inBackground(1), true)
          : new HttpTransport(this, loops, false);
    }
  }
}
