package dev.belay.proxy.client;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.RetryPolicy;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to ask of a target. Immutable, safe for any number of threads; may be sent any number of
 * times, unless its body is a stream.
 */
public final class ProxyRequest {

  /** What the target is to do. */
  public enum Method {
    GET(true),
    HEAD(true),
    POST(false),
    /** Idempotent by its definition, and often not in fact: not repeated unless asked for. */
    PUT(false),
    PATCH(false),
    DELETE(true),
    OPTIONS(true);

    private final boolean idempotent;

    Method(boolean idempotent) {
      this.idempotent = idempotent;
    }

    /** Whether it is sent again after a failure without being asked to. */
    public boolean isIdempotent() {
      return idempotent;
    }
  }

  private final Method method;
  private final Destination destination;
  private final HttpHeaders headers;
  private final RequestBody body;
  private final @Nullable RetryPolicy policy;
  private final String session;
  private final String region;
  private final String country;
  private final boolean idempotent;
  private final Duration timeout;

  private ProxyRequest(Builder from) {
    method = from.method;
    destination = from.destination;
    headers = HttpHeaders.of(from.headers, (name, value) -> true);
    body = from.body;
    policy = from.policy;
    session = from.session;
    region = from.region;
    country = from.country;
    idempotent = from.idempotent == null ? method.isIdempotent() : from.idempotent;
    timeout = from.timeout;
  }

  /**
   * Starts with a method and an absolute URI of http or https.
   *
   * @throws IllegalArgumentException if the URI is no such thing
   */
  public static Builder builder(Method method, URI uri) {
    return new Builder(method, uri);
  }

  /** A GET with nothing more. */
  public static ProxyRequest get(URI uri) {
    return builder(Method.GET, uri).build();
  }

  /** What the target is to do. */
  public Method method() {
    return method;
  }

  /** Where it goes. */
  public URI uri() {
    return destination.uri();
  }

  /** What goes with it. */
  public HttpHeaders headers() {
    return headers;
  }

  /** A policy for this request alone. */
  public Optional<RetryPolicy> policy() {
    return Optional.ofNullable(policy);
  }

  /** Requests of one session stay on one proxy while they can; empty for none. */
  public String session() {
    return session;
  }

  /** Proxies of this region are preferred; empty for none. */
  public String region() {
    return region;
  }

  /** Proxies of this country are preferred; empty for none. */
  public String country() {
    return country;
  }

  /** Whether it may be sent again even if the target may have acted on it. */
  public boolean isIdempotent() {
    return idempotent;
  }

  /** How long all of it may take, {@link RetryPolicy#FOREVER} if there is no limit. */
  public Duration timeout() {
    return timeout;
  }

  Destination destination() {
    return destination;
  }

  RequestBody body() {
    return body;
  }

  /** Method and target; never the query or headers, which may hold secrets. */
  @Override
  public String toString() {
    return "%s %s".formatted(method, destination.name());
  }

  /** Collects what goes into a request. For one thread. */
  public static final class Builder {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

    /** These say how the message travels, which is decided elsewhere. */
    private static final Set<String> OURS =
        Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final Method method;
    private final Destination destination;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private RequestBody body = new RequestBody.None();
    private @Nullable RetryPolicy policy;
    private String session = "";
    private String region = "";
    private String country = "";
    private @Nullable Boolean idempotent;
    private Duration timeout = RetryPolicy.FOREVER;

    private Builder(Method method, URI uri) {
      this.method = requireNonNull(method, "method");
      this.destination = Destination.of(uri);
    }

    /**
     * One header more; a name may come more than once.
     *
     * @throws IllegalArgumentException if it is malformed, or is one of those that say how the
     *     message travels: Connection, Content-Length, Expect, Host, Keep-Alive,
     *     Proxy-Authorization, Proxy-Connection, TE, Trailer, Transfer-Encoding, Upgrade
     */
    public Builder header(String name, String value) {
      Check.that(TOKEN.matcher(name).matches(), "'%s' is not the name of a header", name);
      Check.that(
          !OURS.contains(name.toLowerCase(Locale.ROOT)),
          "the header %s is set by the client itself",
          name);
      Check.that(
          value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff)),
          "the value of %s must not hold control characters or anything beyond Latin-1",
          name);
      headers.computeIfAbsent(name, none -> new ArrayList<>()).add(value.strip());
      return this;
    }

    /** These bytes as the body; a copy is kept. */
    public Builder body(byte[] bytes) {
      body = new RequestBody.Bytes(bytes.clone());
      return this;
    }

    /** This text in UTF-8 as the body. */
    public Builder body(String text) {
      body = new RequestBody.Bytes(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    /** This file as the body; it must not change until the request is over. */
    public Builder body(Path file) {
      body = new RequestBody.File(requireNonNull(file, "file"));
      return this;
    }

    /**
     * What this stream gives as the body. It is read once, kept for another attempt up to a limit
     * ({@link ClientLimits}), and closed in the end. The request can be sent once.
     */
    public Builder body(InputStream stream) {
      body = new RequestBody.Stream(requireNonNull(stream, "stream"), new AtomicBoolean());
      return this;
    }

    /** A policy for this request; {@link RetryPolicy#NONE} for no retry; default the client's. */
    public Builder policy(RetryPolicy policy) {
      this.policy = requireNonNull(policy, "policy");
      return this;
    }

    /** Stays on one proxy with other requests of this session. */
    public Builder session(String session) {
      this.session = requireNonNull(session, "session");
      return this;
    }

    /** Prefers proxies of this region. */
    public Builder region(String region) {
      this.region = requireNonNull(region, "region");
      return this;
    }

    /** Prefers proxies of this country. */
    public Builder country(String country) {
      this.country = requireNonNull(country, "country");
      return this;
    }

    /** Whether it may be sent again; default as {@link Method#isIdempotent}. */
    public Builder idempotent(boolean idempotent) {
      this.idempotent = idempotent;
      return this;
    }

    /**
     * The whole of it, with all attempts, waits and redirects, until the last byte of the response
     * is here, also of one that is read as a stream; more than zero; the policy's own limit holds
     * besides. Default {@link RetryPolicy#FOREVER}.
     */
    public Builder timeout(Duration timeout) {
      Check.that(timeout.isPositive(), "timeout must be above 0, was %s", timeout);
      this.timeout = timeout;
      return this;
    }

    /**
     * The request.
     *
     * @throws IllegalArgumentException for a body that the method does not have
     */
    public ProxyRequest build() {
      boolean bodiless = method == Method.GET || method == Method.HEAD;
      Check.that(!bodiless || body instanceof RequestBody.None, "a %s has no body", method);
      return new ProxyRequest(this);
    }
  }
}
