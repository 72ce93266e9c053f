package dev.belay.server.api;

import dev.belay.server.config.BelayConfig;
import io.vertx.core.Handler;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who may come in. On loopback it answers only to loopback names, so that no page in a
 * browser can reach it by a name of its own (DNS rebinding) or from another origin; with a token,
 * everything but the health check needs it.
 */
final class Doorkeeper implements Handler<RoutingContext> {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final String host;
  private final byte[] token;

  Doorkeeper(BelayConfig.Control config) {
    this.host = config.host();
    this.token = config.token().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void handle(RoutingContext ctx) {
    HostAndPort asked = ctx.request().authority();
    String origin = ctx.request().getHeader("Origin");
    if (asked == null || !isOurs(asked.host()) || !isOurOrigin(origin)) {
      Answers.error(
          ctx, 403, "FORBIDDEN", "Use the address that the server printed when it started.");
    } else if (token.length > 0 && !ctx.normalizedPath().equals("/health") && !brings(ctx)) {
      ctx.response().putHeader("WWW-Authenticate", "Bearer");
      Answers.error(
          ctx, 401, "UNAUTHORIZED", "Send the header Authorization: Bearer with control.token.");
    } else {
      ctx.next();
    }
  }

  private boolean isOurs(String name) {
    return LOOPBACK.contains(name) || name.equals(host) || !LOOPBACK.contains(host);
  }

  private boolean isOurOrigin(@Nullable String origin) {
    if (origin == null) {
      return true;
    }
    int scheme = origin.indexOf("://");
    HostAndPort from =
        scheme < 0 ? null : HostAndPort.parseAuthority(origin.substring(scheme + 3), -1);
    return from != null && isOurs(from.host()) && LOOPBACK.contains(from.host()) == isLoopback();
  }

  private boolean isLoopback() {
    return LOOPBACK.contains(host);
  }

  private boolean brings(RoutingContext ctx) {
    String login = ctx.request().getHeader("Authorization");
    byte[] brought =
        login != null && login.startsWith("Bearer ")
            ? login.substring(7).getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    return MessageDigest.isEqual(brought, token);
  }
}
