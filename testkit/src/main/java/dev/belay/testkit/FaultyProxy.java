package dev.belay.testkit;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * A proxy that really forwards, and misbehaves as its script says, on a real socket of 127.0.0.1.
 * It resolves the names it was told to and forwards to this machine only. Heads may have 64 KB.
 * While a plain request waits for its target, the proxy does not notice that its client left. Safe
 * for any number of threads.
 *
 * <pre>{@code
 * try (FaultyProxy proxy =
 *     FaultyProxy.builder(FaultyProxy.Kind.SOCKS5)
 *         .resolve("origin.test", origin.port())
 *         .start(Script.of(Behaviour.reject(5), Behaviour.forward()))) {
 *   client.get("http://origin.test/", proxy.uri());
 *   assertThat(proxy.targets()).containsExactly("origin.test:80", "origin.test:80");
 *   proxy.kill();
 * }
 * }</pre>
 */
public final class FaultyProxy extends FaultServer<ProxyRequest, Behaviour> {

  /** What a proxy speaks with its clients. */
  public enum Kind {
    /** Plain requests in absolute form, and CONNECT. */
    HTTP,
    /** The same inside TLS to the proxy. */
    HTTPS,
    /** SOCKS 4 and 4a. */
    SOCKS4A,
    /** SOCKS 5 with or without user and password. */
    SOCKS5;

    private String scheme() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What became of a request; counted before the client can see it. */
  public enum Outcome {
    /** The target answered, or was connected. */
    FORWARDED,
    /** Besides {@link #FORWARDED}: cut after a number of bytes. */
    DROPPED,
    /** The target is unknown, cannot be reached, or did not answer. */
    FAILED,
    /** Answered with a scripted status or SOCKS reply code. */
    DECLINED,
    /** The target is banned. */
    BANNED,
    /** The credentials are missing or wrong. */
    UNAUTHORISED,
    /** No answer. */
    HUNG,
    /** The connection was reset instead of an answer. */
    RESET,
    /** Garbage, or half an answer. */
    GARBLED,
    /** The client did not speak the protocol. */
    MALFORMED
  }

  private final Kind kind;
  private final Tally tally;

  private FaultyProxy(Builder settings, Script<? super ProxyRequest, ? extends Behaviour> script) {
    this(settings, script, new Tally());
  }

  private FaultyProxy(
      Builder settings, Script<? super ProxyRequest, ? extends Behaviour> script, Tally tally) {
    super(
        script,
        tally.requests(),
        playback ->
            new Listener(
                "faulty-" + settings.kind.scheme(),
                settings.port,
                settings.tls,
                new ProxyService(
                    settings.kind,
                    playback,
                    new Directory(settings.names),
                    settings.required,
                    tally)));
    this.kind = settings.kind;
    this.tally = tally;
  }

  /** Starts one on a free port that forwards everything; not for {@link Kind#HTTPS}. */
  public static FaultyProxy start(Kind kind) {
    return start(kind, Script.of(Behaviour.forward()));
  }

  /** Starts one on a free port; not for {@link Kind#HTTPS}, which needs a certificate. */
  public static FaultyProxy start(
      Kind kind, Script<? super ProxyRequest, ? extends Behaviour> script) {
    return builder(kind).start(script);
  }

  /** Settings for one that resolves names, asks for credentials or has a certificate. */
  public static Builder builder(Kind kind) {
    return new Builder(requireNonNull(kind, "kind"));
  }

  /** {@code http://127.0.0.1:port}, or with {@code https}, {@code socks4a} or {@code socks5}. */
  public URI uri() {
    return URI.create(kind.scheme() + "://127.0.0.1:" + port());
  }

  /** What it speaks. */
  public Kind kind() {
    return kind;
  }

  @Override
  public void reset() {
    tally.clear();
    super.reset();
  }

  /** {@inheritDoc} A request over SOCKS5 whose credentials were turned down never came to be. */
  @Override
  public List<ProxyRequest> requests() {
    return super.requests();
  }

  /** The targets of {@link #requests} as {@code host:port}. */
  public List<String> targets() {
    return requests().stream().map(ProxyRequest::target).toList();
  }

  /** How many requests ended that way. */
  public long count(Outcome outcome) {
    return tally.of(outcome);
  }

  /** All counts; outcomes that never happened are there with 0. */
  public Map<Outcome, Long> outcomes() {
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, count(outcome));
    }
    return counts;
  }

  /** The user names that clients showed, rightly or not; never a password. At most 10,000. */
  public Set<String> users() {
    return tally.users();
  }

  /** Bytes passed on to targets: through tunnels, and as plain requests. */
  public long bytesUp() {
    return tally.bytesUp();
  }

  /** Bytes passed on to clients: through tunnels, and as plain responses. */
  public long bytesDown() {
    return tally.bytesDown();
  }

  /** Settings of a proxy. For one thread. */
  public static final class Builder {
    private final Kind kind;
    private int port;
    private Optional<SSLContext> tls = Optional.empty();
    private Optional<Credentials> required = Optional.empty();
    private final Map<String, Integer> names = new HashMap<>();

    private Builder(Kind kind) {
      this.kind = kind;
    }

    /** Listens on that port instead of a free one; 0 to 65535, 0 meaning a free one. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** The certificate of a {@link Kind#HTTPS} proxy. */
    public Builder tls(TestCertificate certificate) {
      this.tls = Optional.of(certificate.serverContext());
      return this;
    }

    /**
     * Serves only who shows these: Basic over HTTP, user and password over SOCKS5, the user alone
     * over SOCKS4. Requests that it turns down are not seen by the script.
     */
    public Builder credentials(String user, String password) {
      this.required = Optional.of(new Credentials(user, password));
      return this;
    }

    /**
     * Connects to that port of 127.0.0.1 for that target, {@code host} or {@code host:port} in any
     * case. Other names but {@code localhost} are unknown.
     */
    public Builder resolve(String target, int port) {
      Check.that(port > 0 && port <= 65_535, "port must be between 1 and 65535, was %d", port);
      names.put(target.toLowerCase(Locale.ROOT), port);
      return this;
    }

    /**
     * Opens the port.
     *
     * @throws IllegalArgumentException when an HTTPS proxy has no certificate, or another one has
     * @throws java.io.UncheckedIOException when the port is taken
     */
    public FaultyProxy start(Script<? super ProxyRequest, ? extends Behaviour> script) {
      Check.that(
          (kind == Kind.HTTPS) == tls.isPresent(),
          "a certificate is for HTTPS, and HTTPS needs one; this proxy speaks %s",
          kind);
      return new FaultyProxy(this, requireNonNull(script, "script"));
    }
  }
}
