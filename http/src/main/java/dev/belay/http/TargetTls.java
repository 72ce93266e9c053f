package dev.belay.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * How to speak TLS to targets. Certificate and host name are verified always. Immutable, safe for
 * any number of threads.
 */
public final class TargetTls {
  private final JdkSslContext context;

  /**
   * One that trusts whom {@code context} trusts.
   *
   * @param http2 whether to offer HTTP/2
   */
  public TargetTls(SSLContext context, boolean http2) {
    ApplicationProtocolConfig protocols =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            http2 ? List.of("h2", "http/1.1") : List.of("http/1.1"));
    this.context =
        new JdkSslContext(
            requireNonNull(context, "context"),
            true,
            null,
            IdentityCipherSuiteFilter.INSTANCE,
            protocols,
            ClientAuth.NONE,
            null,
            false);
  }

  /** For one connection to that host; whoever uses it bounds the handshake. */
  public SslHandler handler(ByteBufAllocator allocator, String host, int port) {
    SslHandler handler = context.newHandler(allocator, host, port);
    SSLEngine engine = handler.engine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(0); // whatever it is part of has a limit over all
    return handler;
  }
}
