package dev.belay.proxy.health;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.http.HttpLinks;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.health.HealthSettings.Place;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One page through one proxy over plain HTTP, read up to a limit. For the event loop of its links.
 */
final class Fetch {
  private static final int MOST_BYTES = 64 * 1024;

  private final ProxyAddress proxy;
  private final Promise<Page> page = Promise.promise();
  private final Buffer body = Buffer.buffer();
  private @Nullable HttpClientRequest request;

  /** What came back; the body may be cut off. */
  record Page(int status, String body) {}

  private Fetch(ProxyAddress proxy) {
    this.proxy = proxy;
  }

  /**
   * Begins to fetch; the connection has the clock's limit, what comes then ends by {@link #expire}.
   */
  static Fetch begin(
      HttpLinks links, ProxyAddress proxy, Place place, Map<String, String> headers, Clock clock) {
    Fetch fetch = new Fetch(proxy);
    links
        .lease(proxy, place.host(), place.port(), clock.left())
        .request()
        .onComplete(ready -> fetch.send(ready, place, headers), fetch.page::tryFail);
    return fetch;
  }

  /** The page, or a failure that {@link CheckFailed#of} understands. */
  Future<Page> page() {
    return page.future();
  }

  /** Gives up on an answer that is still under way; a connection that is may still come to it. */
  void expire() {
    if (request == null) {
      return;
    }
    page.tryFail(
        new CheckFailed(ErrorClass.TIMEOUT, Blame.UNKNOWN, proxy + " did not answer in time"));
    reset();
  }

  private void reset() {
    HttpClientRequest sent = request;
    if (sent != null) {
      var unused = sent.reset();
    }
  }

  private void send(HttpClientRequest ready, Place place, Map<String, String> headers) {
    request = ready;
    ready.setMethod(HttpMethod.GET);
    ready.putHeader("Host", place.authority());
    ready.putHeader("Accept", "*/*");
    headers.forEach(ready::putHeader);
    if (proxy.scheme().isHttp()) {
      ready.setURI("http://" + place.authority() + place.path());
      proxy.authorization().ifPresent(login -> ready.putHeader("Proxy-Authorization", login));
    } else {
      ready.setURI(place.path());
    }
    ready.response().onComplete(this::answered, this::broken);
    var unused = ready.end();
  }

  private void answered(HttpClientResponse response) {
    int status = response.statusCode();
    response.exceptionHandler(this::broken);
    response.handler(bytes -> {
      if (body.length() + bytes.length() > MOST_BYTES) {
        done(status);
        reset();
      } else {
        body.appendBuffer(bytes);
      }
    });
    response.endHandler(none -> done(status));
  }

  private void done(int status) {
    page.tryComplete(new Page(status, body.toString()));
  }

  private void broken(Throwable cause) {
    page.tryFail(new CheckFailed(ErrorClass.RESET, Blame.UNKNOWN, proxy + " broke the connection"));
  }
}
