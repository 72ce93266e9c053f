package dev.belay.server.api;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of the API by path and method. Each one is a function from what is asked to what
 * is answered and runs on a worker thread: event loops carry the traffic of the proxy and must not
 * wait for a report over 10,000 proxies. How many run or wait at once is bounded.
 */
final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final int MOST_AT_ONCE = 256;

  private final Router router;
  private final Map<String, Set<String>> methods = new LinkedHashMap<>();
  private final AtomicInteger running = new AtomicInteger();
  private final int mostAtOnce;

  /** An operation. What it throws is answered as an error. */
  @FunctionalInterface
  interface Operation {
    Reply answer(Ask ask);
  }

  Routes(Router router) {
    this(router, MOST_AT_ONCE);
  }

  Routes(Router router, int mostAtOnce) {
    this.router = router;
    this.mostAtOnce = mostAtOnce;
  }

  /**
   * Adds an operation; of those that fit a path, the first one answers.
   *
   * @param path with parameters in braces
   */
  void add(HttpMethod method, String path, Bodies bodies, Operation operation) {
    add(method, path, ctx -> serve(ctx, bodies, operation));
  }

  void get(String path, Operation operation) {
    add(HttpMethod.GET, path, Bodies.NONE, operation);
  }

  /** Adds an operation that answers by itself, on the event loop. */
  void add(HttpMethod method, String path, Handler<RoutingContext> handler) {
    methods.computeIfAbsent(path, absent -> new LinkedHashSet<>()).add(method.name());
    var route = router.route(pattern(path)).method(method);
    if (method.equals(HttpMethod.GET)) {
      route.method(HttpMethod.HEAD);
    }
    route.handler(handler);
  }

  private static String pattern(String path) {
    return path.replace("{", ":").replace("}", "");
  }

  /** Methods by path, as they were added. */
  Map<String, Set<String>> operations() {
    return methods;
  }

  /** Adds the answers for whatever fits no operation; to be called last. */
  void close() {
    methods.forEach((path, allowed) ->
        router
            .route(pattern(path))
            .handler(ctx ->
                Answers.send(
                    ctx,
                    SessionErrors.reply(ctx, ApiProblem.method(allowed))
                        .with("Allow", String.join(", ", allowed)))));
    router
        .route()
        .handler(ctx -> Answers.send(ctx, ApiProblem.nothingThere(ctx.normalizedPath())))
        .failureHandler(ctx -> Answers.send(ctx, problem(ctx.statusCode(), ctx.failure())));
    router.errorHandler(400, ctx -> Answers.send(ctx, problem(400, ctx.failure())));
  }

  private void serve(RoutingContext ctx, Bodies bodies, Operation operation) {
    if (running.incrementAndGet() > mostAtOnce) {
      running.decrementAndGet();
      Answers.send(ctx, ApiProblem.busy("Too many requests of the API are under way."));
      return;
    }
    bodies
        .read(ctx.request())
        .compose(body -> answer(ctx, Ask.of(ctx, body), operation))
        .onComplete(result -> {
          running.decrementAndGet();
          if (result.succeeded()) {
            Answers.send(ctx, result.result());
          } else {
            Answers.send(ctx, problem(ctx.statusCode(), result.cause()));
          }
        });
  }

  private static Future<Reply> answer(RoutingContext ctx, Ask ask, Operation operation) {
    return ctx.vertx()
        .executeBlocking(() -> operation.answer(ask), false)
        .map(reply -> requireNonNull(reply, "reply"));
  }

  /** What to say of a failure; an unforeseen one goes to the log. */
  static ApiProblem problem(int status, @Nullable Throwable failure) {
    if (failure instanceof ApiProblem problem) {
      return problem;
    }
    if (status == 400 || failure instanceof HttpException) {
      return ApiProblem.badRequest("The path or the query cannot be read; check its escapes.");
    }
    if (failure instanceof UncheckedIOException) {
      return ApiProblem.busy("The store fails, so nothing was changed; the log says why.");
    }
    LOG.error("a request of the API failed", failure);
    return ApiProblem.internal();
  }
}
