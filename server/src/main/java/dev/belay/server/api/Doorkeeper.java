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
 * everything needs it but the health check, the description of the API and the files of the page,
 * which are the same in every server and have to be read before anybody can bring a token.
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
      Answers.send(ctx, ApiProblem.foreign());
    } else if (token.length > 0 && !isOpen(ctx.normalizedPath()) && !brings(ctx)) {
      Answers.send(
          ctx,
          SessionErrors.reply(ctx, ApiProblem.unauthorized()).with("WWW-Authenticate", "Bearer"));
    } else {
      ctx.next();
    }
  }

  private static boolean isOpen(String path) {
    return path.equals("/health")
        || path.equals("/openapi.json")
        || path.equals("/docs")
        || path.startsWith("/docs/")
        || path.equals("/")
        || path.startsWith("/page/");
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
