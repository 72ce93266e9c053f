package dev.belay.llm.transport;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Connections in the clear, which speak HTTP/1.1, and over TLS, which speak what is offered. */
final class Clients implements AutoCloseable {
  private static final int WAITING_FOR_EACH = 10;
  private static final int CHUNK = 64 << 10;
  private static final int HEAD = 64 << 10;
  private static final int HTTP2_CONNECTIONS = 4;
  private static final int HTTP2_WINDOW = 1 << 20;

  private final HttpClient clear;
  private final HttpClient secure;

  Clients(Vertx vertx, int connections, Duration keepAlive, @Nullable KeyStore trust) {
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(connections)
            .setHttp2MaxSize(Math.min(connections, HTTP2_CONNECTIONS))
            .setMaxWaitQueueSize(WAITING_FOR_EACH * connections);
    this.clear =
        vertx.httpClientBuilder().with(options(keepAlive)).with(new PoolOptions(pool)).build();
    HttpClientOptions tls =
        options(keepAlive)
            .setUseAlpn(true)
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ConnectionWindowSize(HTTP2_WINDOW)
            .setVerifyHost(true);
    if (trust != null) {
      tls.setTrustOptions(TrustOptions.wrap(factory(trust)));
    }
    this.secure = vertx.httpClientBuilder().with(tls).with(pool).build();
  }

  private static HttpClientOptions options(Duration keepAlive) {
    int seconds = (int) keepAlive.toSeconds();
    return new HttpClientOptions()
        .setMaxChunkSize(CHUNK)
        .setMaxHeaderSize(HEAD)
        .setKeepAlive(true)
        .setKeepAliveTimeout(seconds)
        .setHttp2KeepAliveTimeout(seconds)
        .setTcpNoDelay(true);
  }

  private static TrustManagerFactory factory(KeyStore trust) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trust);
      return factory;
    } catch (GeneralSecurityException unusable) {
      throw new IllegalArgumentException("trust holds no certificates that can be used", unusable);
    }
  }

  HttpClient of(URI base) {
    return "https".equals(base.getScheme()) ? secure : clear;
  }

  @Override
  public void close() {
    var unused = Future.all(clear.close(), secure.close());
  }
}
