package dev.belay.proxy.source;

import dev.belay.Time;
import dev.belay.http.RetryAfter;
import dev.belay.proxy.PrivateNetworks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks a web server for a list, and only for what is new. Bounded in bytes, in redirects, and in
 * time for all of it together. For one question at a time.
 */
final class UrlFetcher implements Fetcher {
  private static final int MOST_REDIRECTS = 5;
  private static final double JITTER = 0.1;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int CONNECT_MILLIS = 10_000;

  private final Vertx vertx;
  private final SourceSettings.OfUrl settings;
  private final @Nullable Gateway gateway;
  private final Time time;
  private final HttpClient client;

  /** What the server told of the list that was taken last; touched by one question at a time. */
  private volatile Validators known = Validators.NONE;

  /** How a server recognises what we have; empty texts if it cannot. */
  private record Validators(String etag, String modified) {
    static final Validators NONE = new Validators("", "");

    static Validators of(HttpClientResponse response) {
      return new Validators(
          orEmpty(response.getHeader("ETag")), orEmpty(response.getHeader("Last-Modified")));
    }

    private static String orEmpty(@Nullable String header) {
      return header == null ? "" : header;
    }
  }

  /**
   * One that asks directly, or through {@code gateway} if there is one.
   *
   * @param tls whom to trust; the server's certificate is always verified
   */
  UrlFetcher(
      Vertx vertx,
      SourceSettings.OfUrl settings,
      @Nullable Gateway gateway,
      ClientSSLOptions tls,
      Time time) {
    this.vertx = vertx;
    this.settings = settings;
    this.gateway = gateway;
    this.time = time;
    HttpClientOptions options =
        new HttpClientOptions()
            .setKeepAlive(false)
            .setConnectTimeout(CONNECT_MILLIS)
            .setDecompressionSupported(false)
            .setVerifyHost(true);
    if (tls.getTrustOptions() != null) {
      options.setTrustOptions(tls.getTrustOptions());
    }
    this.client = vertx.createHttpClient(options);
  }

  @Override
  public Duration interval() {
    return settings.refresh().interval();
  }

  @Override
  public double jitter() {
    return JITTER;
  }

  @Override
  public CompletionStage<Fetched> fetch() {
    Question question = new Question();
    question.begin();
    return question.answer.future().toCompletionStage();
  }

  @Override
  public void close() {
    var unused = client.close();
  }

  /** One question, with the redirects that it takes. */
  private final class Question {
    private final Promise<Fetched> answer = Promise.promise();
    private final Validators before = known;
    private volatile @Nullable HttpClientRequest request;

    void begin() {
      Duration limit = settings.refresh().timeout();
      long timer =
          vertx.setTimer(
              Math.max(1, limit.toMillis()),
              none -> end(new Fetched.Failed("there was no whole answer in time")));
      answer.future().onComplete(done -> vertx.cancelTimer(timer));
      ask(settings.url(), 0);
    }

    private void ask(URI url, int redirects) {
      Future<HttpClientRequest> asked;
      try {
        asked = client.request(options(url));
      } catch (IllegalArgumentException malformed) {
        end(new Fetched.Failed("a redirect leads to a malformed URL"));
        return;
      }
      asked.onComplete(ready -> send(ready, url, redirects), this::unreachable);
    }

    private void send(HttpClientRequest ready, URI url, int redirects) {
      request = ready;
      if (answer.future().isComplete()) {
        drop();
      } else {
        ready.send().onComplete(response -> answered(url, response, redirects), this::unreachable);
      }
    }

    /** The cause is not told: it may quote the URL. */
    private void unreachable(Throwable cause) {
      end(new Fetched.Failed("the server cannot be reached, or broke the connection"));
    }

    private RequestOptions options(URI url) {
      RequestOptions options =
          new RequestOptions()
              .setAbsoluteURI(withoutUser(url))
              .setFollowRedirects(false)
              .putHeader("Accept", "text/plain, text/csv, application/json, */*;q=0.5")
              .putHeader("Accept-Encoding", "identity")
              .putHeader("User-Agent", "belay");
      if (gateway != null) {
        options.setProxyOptions(proxy(gateway));
      }
      if (!before.etag().isEmpty()) {
        options.putHeader("If-None-Match", before.etag());
      }
      if (!before.modified().isEmpty()) {
        options.putHeader("If-Modified-Since", before.modified());
      }
      String user = settings.url().getUserInfo();
      if (user != null && isSameServer(url)) {
        byte[] login = user.getBytes(StandardCharsets.UTF_8);
        options.putHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
      }
      return options;
    }

    private boolean isSameServer(URI url) {
      URI own = settings.url();
      return String.valueOf(own.getScheme()).equalsIgnoreCase(url.getScheme())
          && own.getHost().equalsIgnoreCase(url.getHost())
          && own.getPort() == url.getPort();
    }

    private void answered(URI url, HttpClientResponse response, int redirects) {
      int status = response.statusCode();
      if (status == 304) {
        drop();
        end(new Fetched.Unchanged());
      } else if (REDIRECTS.contains(status)) {
        drop();
        redirect(url, response.getHeader("Location"), redirects);
      } else if (status == 200) {
        read(response);
      } else {
        drop();
        Duration wait = RetryAfter.hint(response.headers(), time.instant()).after();
        end(new Fetched.Failed("the server answered with status " + status, wait));
      }
    }

    private void redirect(URI from, @Nullable String location, int redirects) {
      if (location == null || redirects >= MOST_REDIRECTS) {
        end(new Fetched.Failed("there are more than %d redirects".formatted(MOST_REDIRECTS)));
        return;
      }
      URI to;
      try {
        to = from.resolve(location);
      } catch (IllegalArgumentException malformed) {
        end(new Fetched.Failed("a redirect leads to a malformed URL"));
        return;
      }
      String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
      boolean down = scheme.equals("http") && "https".equalsIgnoreCase(from.getScheme());
      if (to.getHost() == null || down || !Set.of("http", "https").contains(scheme)) {
        end(new Fetched.Failed("a redirect leads away from the secure web"));
      } else if (isPrivate(to) && !isPrivate(from)) {
        end(new Fetched.Failed("a redirect leads into a private network"));
      } else {
        ask(to, redirects + 1);
      }
    }

    private void read(HttpClientResponse response) {
      String coding = response.getHeader("Content-Encoding");
      if (coding != null && !coding.equalsIgnoreCase("identity")) {
        drop();
        end(new Fetched.Failed("the list is compressed, which was not asked for"));
        return;
      }
      Buffer body = Buffer.buffer();
      response.exceptionHandler(
          broken -> end(new Fetched.Failed("the connection broke before the list was whole")));
      response.handler(bytes -> {
        if (body.length() + bytes.length() > ProxyList.MOST_BYTES) {
          end(new Fetched.Failed("the list is larger than 10 MB"));
        } else if (!answer.future().isComplete()) {
          body.appendBuffer(bytes);
        }
      });
      response.endHandler(none -> {
        if (!answer.future().isComplete()) {
          known = Validators.of(response);
          end(new Fetched.Fresh(body.getBytes(), false));
        }
      });
    }

    private void end(Fetched fetched) {
      if (answer.tryComplete(fetched) && fetched instanceof Fetched.Failed) {
        drop();
      }
    }

    /** Reads no further. */
    private void drop() {
      HttpClientRequest open = request;
      if (open != null) {
        var unused = open.reset();
      }
    }
  }

  private static boolean isPrivate(URI url) {
    String host = url.getHost();
    return PrivateNetworks.contain(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
  }

  private static String withoutUser(URI url) {
    String user = url.getRawUserInfo();
    return user == null ? url.toString() : url.toString().replace(user + "@", "");
  }

  private static ProxyOptions proxy(Gateway gateway) {
    ProxyOptions options =
        new ProxyOptions().setType(ProxyType.HTTP).setHost(gateway.host()).setPort(gateway.port());
    return gateway.user().isEmpty()
        ? options
        : options.setUsername(gateway.user()).setPassword(gateway.password());
  }
}
