package dev.belay.proxy.health;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.http.TargetTls;
import dev.belay.http.Tunnel;
import dev.belay.proxy.health.HealthSettings.Place;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Speaks TLS with targets at the far end of tunnels, only to see whether their certificates are
 * valid for their names. That cannot be switched off: it finds proxies that read what they carry.
 * Safe for any number of threads; each handshake stays on the tunnel's event loop.
 */
final class CertificateCheck {
  private final TargetTls tls;

  private CertificateCheck(TargetTls tls) {
    this.tls = tls;
  }

  /**
   * One that trusts whom the options name, or whom Java trusts if they name nobody.
   *
   * @throws IllegalArgumentException if what they name cannot be read
   */
  static CertificateCheck trusting(Vertx vertx, ClientSSLOptions options) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(vertx, options.getTrustOptions()), null);
      return new CertificateCheck(new TargetTls(context, false));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("cannot set up TLS for health checks", e);
    }
  }

  /** Null stands for whom Java trusts. */
  private static TrustManager @Nullable [] managers(Vertx vertx, @Nullable TrustOptions trust) {
    if (trust == null) {
      return null;
    }
    try {
      return trust.getTrustManagerFactory(vertx).getTrustManagers();
    } catch (Exception e) { // so Vert.x declares it
      throw new IllegalArgumentException("cannot read the certificates to trust", e);
    }
  }

  /**
   * Fails unless the target shows a valid certificate. Takes the tunnel over, but never closes it.
   */
  Future<Void> verify(Tunnel tunnel, Place target) {
    ChannelHandlerContext vertx = ((NetSocketInternal) tunnel.socket()).channelHandlerContext();
    SslHandler handler = tls.handler(vertx.channel().alloc(), target.host(), target.port());
    Promise<Void> verified = Promise.promise();
    tunnel.socket().exceptionHandler(broken -> {}); // told below
    var unused =
        handler
            .handshakeFuture()
            .addListener(done -> {
              Throwable cause = done.cause();
              if (cause == null) {
                verified.complete();
              } else {
                verified.fail(failure(tunnel, cause));
              }
            });
    vertx.pipeline().addBefore(vertx.name(), null, handler);
    tunnel.resume();
    return verified.future();
  }

  private static CheckFailed failure(Tunnel tunnel, Throwable cause) {
    if (isCertificate(cause)) {
      return new CheckFailed(
          ErrorClass.TLS,
          Blame.UNKNOWN,
          tunnel.proxy() + " shows a certificate of the target that is not valid");
    }
    return cause instanceof SSLException
        ? new CheckFailed(
            ErrorClass.TLS, Blame.UNKNOWN, tunnel.proxy() + " does not carry TLS to the target")
        : new CheckFailed(
            ErrorClass.RESET, Blame.UNKNOWN, tunnel.proxy() + " closed the tunnel during TLS");
  }

  private static boolean isCertificate(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }
}
