package dev.belay.testkit;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * An HTTP/1.1 origin server that follows a script, on a real socket of 127.0.0.1. Safe for any
 * number of threads.
 *
 * <pre>{@code
 * try (FaultyOrigin origin =
 *     FaultyOrigin.start(Script.of(Reply.status(503).retryAfterSeconds(2), Reply.ok("hello")))) {
 *   client.get(origin.uri());
 *   assertThat(origin.requestCount()).isEqualTo(2);
 * }
 * }</pre>
 */
public final class FaultyOrigin extends FaultServer<ReceivedRequest, Reply> {

  /** What to do with a request that waits for {@code 100 Continue} before it sends its body. */
  public enum Expectation {
    /** Say that it may go on. */
    CONTINUE,
    /** Say nothing and wait for the body. */
    SILENCE,
    /** Reply by the script without the body, which the script and the journal see as empty. */
    ANSWER_AT_ONCE
  }

  private final String scheme;

  private FaultyOrigin(Builder settings, Script<? super ReceivedRequest, ? extends Reply> script) {
    this(settings, script, new Journal<>());
  }

  private FaultyOrigin(
      Builder settings,
      Script<? super ReceivedRequest, ? extends Reply> script,
      Journal<ReceivedRequest> journal) {
    super(
        script,
        journal,
        playback ->
            new Listener(
                "faulty-origin",
                settings.port,
                settings.tls,
                new OriginService(playback, journal, settings.bodyLimit, settings.expectation)));
    this.scheme = settings.tls.isPresent() ? "https" : "http";
  }

  /** Starts one on a free port. */
  public static FaultyOrigin start(Script<? super ReceivedRequest, ? extends Reply> script) {
    return builder().start(script);
  }

  /** Starts one that speaks TLS on a free port. */
  public static FaultyOrigin startTls(
      TestCertificate certificate, Script<? super ReceivedRequest, ? extends Reply> script) {
    return builder().tls(certificate).start(script);
  }

  /** Settings for one that is not plain, or not on a free port. */
  public static Builder builder() {
    return new Builder();
  }

  /** {@code http://127.0.0.1:port/}, or {@code https} under TLS. */
  public URI uri() {
    return uri("/");
  }

  /** The same with a path, which begins with a slash. */
  public URI uri(String path) {
    return URI.create(scheme + "://127.0.0.1:" + port() + path);
  }

  /** Settings of an origin. For one thread. */
  public static final class Builder {
    private int port;
    private Optional<SSLContext> tls = Optional.empty();
    private int bodyLimit = 16 << 20;
    private Expectation expectation = Expectation.CONTINUE;

    private Builder() {}

    /** Listens on that port instead of a free one; 0 to 65535, 0 meaning a free one. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Speaks TLS with that certificate. */
    public Builder tls(TestCertificate certificate) {
      this.tls = Optional.of(certificate.serverContext());
      return this;
    }

    /** How many bytes of each body are kept, 16 MB unless told, 0 or more; the rest is read. */
    public Builder bodyLimit(int bytes) {
      Check.that(bytes >= 0, "bodyLimit must not be negative, was %d", bytes);
      this.bodyLimit = bytes;
      return this;
    }

    /** What a request with {@code Expect: 100-continue} meets; CONTINUE unless told. */
    public Builder expectation(Expectation expectation) {
      this.expectation = requireNonNull(expectation, "expectation");
      return this;
    }

    /**
     * Opens the port.
     *
     * @throws java.io.UncheckedIOException when the port is taken
     */
    public FaultyOrigin start(Script<? super ReceivedRequest, ? extends Reply> script) {
      return new FaultyOrigin(this, requireNonNull(script, "script"));
    }
  }
}
