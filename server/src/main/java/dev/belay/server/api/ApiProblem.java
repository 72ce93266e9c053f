package dev.belay.server.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Serial;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request of the API is turned down: a status, a code for programs, a message that says what
 * to do, and details. Has no stack, because it is the client's mistake.
 */
final class ApiProblem extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient JsonObject details;
  private final long retryAfterSeconds;

  private ApiProblem(int status, String code, String message, JsonObject details) {
    this(status, code, message, details, Duration.ZERO);
  }

  private ApiProblem(
      int status, String code, String message, JsonObject details, Duration retryAfter) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfterSeconds = Math.clamp(retryAfter.plusMillis(999).toSeconds(), 1, 3_600);
  }

  /**
   * One thing that is wrong with what a client sent.
   *
   * @param field its name, with those above it
   * @param value what was sent, as far as it may be shown; null if nothing was
   * @param range what may stand there
   */
  record Fault(String field, @Nullable Object value, String range) {
    JsonObject json() {
      return new JsonObject().put("field", field).put("value", value).put("range", range);
    }
  }

  static ApiProblem invalid(Fault fault) {
    return invalid(List.of(fault));
  }

  /** The details are those of the first fault; if there are more, all of them are listed too. */
  static ApiProblem invalid(List<Fault> faults) {
    Fault first = faults.getFirst();
    JsonObject details = first.json();
    if (faults.size() > 1) {
      details.put("problems", new JsonArray(faults.stream().map(Fault::json).toList()));
    }
    return new ApiProblem(
        400,
        "VALIDATION_ERROR",
        "%s is not right: it must be %s.".formatted(first.field(), first.range()),
        details);
  }

  static ApiProblem malformed(String message, JsonObject details) {
    return new ApiProblem(400, "INVALID_JSON", message, details);
  }

  static ApiProblem badRequest(String message) {
    return new ApiProblem(400, "BAD_REQUEST", message, new JsonObject());
  }

  static ApiProblem noProxy(String asked) {
    return new ApiProblem(
        404,
        "PROXY_NOT_FOUND",
        "There is no such proxy in the pool; GET /api/v1/proxies lists them.",
        new JsonObject().put("field", "proxyId").put("value", Shown.text(asked)));
  }

  static ApiProblem ambiguous(String asked, Collection<String> ids) {
    return new ApiProblem(
        409,
        "PROXY_AMBIGUOUS",
        "More than one proxy goes by this name; use one of the ids.",
        new JsonObject()
            .put("field", "proxyId")
            .put("value", Shown.text(asked))
            .put("ids", new JsonArray(List.copyOf(ids))));
  }

  static ApiProblem noRequest(String id) {
    return new ApiProblem(
        404,
        "REQUEST_NOT_FOUND",
        "No such request is under way: it is over, or it never was.",
        new JsonObject().put("field", "requestId").put("value", Shown.text(id)));
  }

  static ApiProblem noSource(String name) {
    return new ApiProblem(
        404,
        "SOURCE_NOT_FOUND",
        "There is no such source; GET /api/v1/sources lists them.",
        new JsonObject().put("field", "sourceName").put("value", Shown.text(name)));
  }

  static ApiProblem noModels() {
    return new ApiProblem(
        404,
        "NO_MODELS",
        "There is no gateway to models here; add llm.routes to belay.yaml and start again.",
        new JsonObject());
  }

  static ApiProblem noReports() {
    return new ApiProblem(
        404,
        "NO_ERROR_REPORTS",
        "No errors are written down; add llm.error_reports.dir to belay.yaml and start again.",
        new JsonObject());
  }

  static ApiProblem noRun(String asked) {
    return new ApiProblem(
        404,
        "RUN_NOT_FOUND",
        "There are no reports of such a run; GET /api/v1/llm/errors lists them.",
        new JsonObject().put("field", "run").put("value", Shown.text(asked)));
  }

  static ApiProblem noFlow() {
    return new ApiProblem(
        404,
        "NO_RUNS",
        "No plans are carried out here; set flow.on to true in belay.yaml and start again.",
        new JsonObject());
  }

  static ApiProblem noPlanRun(String asked) {
    return new ApiProblem(
        404,
        "RUN_NOT_FOUND",
        "There is no such run; GET /api/v1/runs lists them.",
        new JsonObject().put("field", "run").put("value", Shown.text(asked)));
  }

  static ApiProblem noTask(String asked) {
    return new ApiProblem(
        404,
        "TASK_NOT_FOUND",
        "The run has no such task; GET /api/v1/runs/{run} lists those it has.",
        new JsonObject().put("field", "task").put("value", Shown.text(asked)));
  }

  static ApiProblem noResult(String task) {
    return new ApiProblem(
        404,
        "RESULT_NOT_FOUND",
        "There is no such result yet; look again when the task is completed.",
        new JsonObject().put("field", "task").put("value", Shown.text(task)));
  }

  /** Something that is not there, in the words of whoever looked for it. */
  static ApiProblem missing(String code, String message) {
    return new ApiProblem(404, code, message, new JsonObject());
  }

  /** Something that a run does not allow as it stands. */
  static ApiProblem wrongState(String message) {
    return new ApiProblem(409, "RUN_STATE", message, new JsonObject());
  }

  /** A plan that cannot be run, with everything that is wrong with it. */
  static ApiProblem badPlan(JsonArray problems) {
    return new ApiProblem(
        422,
        "PLAN_INVALID",
        "The plan cannot be run: correct what the problems say and send it again.",
        new JsonObject().put("field", "plan").put("problems", problems));
  }

  static ApiProblem noReview(String ticket) {
    return new ApiProblem(
        404,
        "REVIEW_NOT_FOUND",
        "There is no such review; GET /api/v1/reviews lists them.",
        new JsonObject().put("field", "ticket").put("value", Shown.text(ticket)));
  }

  /** A review that was decided otherwise, or has expired. */
  static ApiProblem settled(String code, String ticket, String message) {
    return new ApiProblem(
        409, code, message, new JsonObject().put("field", "ticket").put("value", ticket));
  }

  static ApiProblem privateTarget() {
    return new ApiProblem(
        403,
        "TARGET_NOT_ALLOWED",
        "The target is a private or local address; proxy.allow_private lets requests go there.",
        new JsonObject().put("field", "url"));
  }

  /** What the way to the target came to. */
  static ApiProblem gateway(
      int status, String code, String message, Duration retryAfter, JsonObject details) {
    return new ApiProblem(status, code, message, details, retryAfter);
  }

  static ApiProblem nothingThere(String path) {
    return new ApiProblem(
        404,
        "NOT_FOUND",
        "There is nothing at %s; /docs shows what there is.".formatted(Shown.path(path)),
        new JsonObject());
  }

  static ApiProblem alreadyThere(String id) {
    return new ApiProblem(
        409,
        "PROXY_ALREADY_EXISTS",
        "This proxy is in the pool already; PATCH changes it.",
        new JsonObject().put("field", "url").put("id", id));
  }

  static ApiProblem full(int most) {
    return new ApiProblem(
        409,
        "PROXY_POOL_FULL",
        "The pool may hold %d proxies; remove some first.".formatted(most),
        new JsonObject().put("range", "at most " + most));
  }

  static ApiProblem stale(String etag) {
    return new ApiProblem(
        412,
        "PRECONDITION_FAILED",
        "The policy has been changed since; GET it again, then send the change with its ETag.",
        new JsonObject().put("field", "If-Match").put("etag", etag));
  }

  static ApiProblem tooLarge(int bytes) {
    return new ApiProblem(
        413,
        "PAYLOAD_TOO_LARGE",
        "The body may have %d bytes.".formatted(bytes),
        new JsonObject().put("field", "body").put("range", "at most %d bytes".formatted(bytes)));
  }

  static ApiProblem unsupported(Collection<String> types) {
    String wanted = String.join(" or ", types);
    return new ApiProblem(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "Send the body with Content-Type: %s.".formatted(wanted),
        new JsonObject().put("field", "Content-Type").put("range", wanted));
  }

  static ApiProblem method(Collection<String> allowed) {
    return new ApiProblem(
        405,
        "METHOD_NOT_ALLOWED",
        "This path takes %s.".formatted(String.join(", ", allowed)),
        new JsonObject().put("field", "method").put("range", String.join(", ", allowed)));
  }

  static ApiProblem foreign() {
    return new ApiProblem(
        403,
        "FORBIDDEN",
        "Use the address that the server printed when it started.",
        new JsonObject());
  }

  static ApiProblem unauthorized() {
    return new ApiProblem(
        401,
        "UNAUTHORIZED",
        "Send the header Authorization: Bearer with control.token.",
        new JsonObject());
  }

  static ApiProblem busy(String message) {
    return new ApiProblem(503, "SERVICE_UNAVAILABLE", message, new JsonObject());
  }

  static ApiProblem internal() {
    return new ApiProblem(
        500, "INTERNAL_ERROR", "Something went wrong here; the log says what.", new JsonObject());
  }

  int status() {
    return status;
  }

  /** When to come back, 1 to 3600. */
  long retryAfterSeconds() {
    return retryAfterSeconds;
  }

  JsonObject json() {
    return new JsonObject().put("error", code).put("message", getMessage()).put("details", details);
  }
}
