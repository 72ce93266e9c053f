package dev.belay.server.api;

import dev.belay.Time;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape of errors that clients of published recommenders read: an object with a code, a
 * message, details and a time. Whatever goes wrong on the paths of sessions is said in it, and
 * nothing else.
 */
final class SessionErrors implements Handler<RoutingContext> {
  private static final String KEY = SessionErrors.class.getName();
  private static final String BEGINNING = "/v1/optimization/";
  private static final List<String> PATHS = List.of(BEGINNING + "*", MetricsRoutes.PATH);

  private final Time time;

  SessionErrors(Time time) {
    this.time = time;
  }

  /** Has it used from here on; to be called before anything that turns requests down. */
  void addTo(Router router) {
    router.route().handler(this::unread);
    PATHS.forEach(path -> router.route(path).handler(this));
  }

  /** A path that cannot be decoded fits no route, so it is known by how it begins. */
  private void unread(RoutingContext ctx) {
    if (String.valueOf(ctx.request().path()).startsWith(BEGINNING)) {
      ctx.put(KEY, this);
    }
    ctx.next();
  }

  @Override
  public void handle(RoutingContext ctx) {
    ctx.put(KEY, this);
    ctx.next();
  }

  /** A problem in the shape that the path of a request has. */
  static Reply reply(RoutingContext ctx, ApiProblem problem) {
    @Nullable SessionErrors errors = ctx.get(KEY);
    return errors == null ? Reply.of(problem) : errors.reply(problem);
  }

  /** The same problem, with the same status and headers, in this shape. */
  Reply reply(ApiProblem problem) {
    JsonObject flat = problem.json();
    Map<String, Object> details = new LinkedHashMap<>(flat.getJsonObject("details").getMap());
    Object range = details.remove("range");
    if (range != null) {
      details.put("constraint", range);
    }
    String code = problem.status() == 400 ? "INVALID_REQUEST" : flat.getString("error");
    Reply reply = reply(problem.status(), code, flat.getString("message"), details);
    return problem.status() == 503
        ? reply.with("Retry-After", Long.toString(problem.retryAfterSeconds()))
        : reply;
  }

  Reply reply(int status, String code, String message, Map<String, Object> details) {
    JsonObject error =
        new JsonObject()
            .put("code", code)
            .put("message", message)
            .put("details", new JsonObject(details))
            .put("timestamp", time.instant().toString());
    return Reply.json(status, new JsonObject().put("error", error));
  }
}
