package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.form.Bounds;
import dev.belay.llm.form.Redaction;
import dev.belay.llm.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An error with all that helps to understand it, as it is written down: without secrets. Immutable.
 *
 * @param at when it happened
 * @param origin where
 * @param failure what
 * @param retry what was done about it; {@link Retry#NONE} if it was no attempt of a call
 * @param context anything else
 */
public record ErrorReport(
    Instant at, Origin origin, Failure failure, Retry retry, Json.Obj context) {
  private static final int MOST_FRAMES = 50;
  private static final int LONGEST_TEXT = 20_000;
  private static final Bounds BOUNDS = new Bounds(200, 5, 200);

  /**
   * Where an error happened.
   *
   * @param runId the run it belongs to; empty if to none
   * @param phaseId the phase or task of the run; empty if none
   * @param component the part of the program
   * @param operation what it was doing
   */
  public record Origin(String runId, String phaseId, String component, String operation) {
    /** Rejects null. */
    public Origin {
      requireNonNull(runId, "runId");
      requireNonNull(phaseId, "phaseId");
      requireNonNull(component, "component");
      requireNonNull(operation, "operation");
    }
  }

  /**
   * What happened.
   *
   * @param type of the error
   * @param message for people
   * @param traceback as Java prints it; empty if there is none
   * @param frames where it went through, innermost first
   */
  public record Failure(String type, String message, String traceback, List<Frame> frames) {
    /** Takes out secrets and keeps a copy. */
    public Failure {
      requireNonNull(type, "type");
      message = text(message);
      traceback = text(traceback);
      frames = List.copyOf(frames);
    }

    /** What an exception says. */
    public static Failure of(Throwable error) {
      StringBuilder trace = new StringBuilder();
      for (Throwable one = error;
          one != null && trace.length() < LONGEST_TEXT;
          one = one.getCause()) {
        trace.append(trace.isEmpty() ? "" : "caused by ").append(one).append('\n');
        for (StackTraceElement place : one.getStackTrace()) {
          trace.append("  at ").append(place).append('\n');
        }
      }
      List<Frame> frames =
          List.of(error.getStackTrace()).stream().limit(MOST_FRAMES).map(Frame::of).toList();
      String message = error.getMessage();
      return new Failure(
          error.getClass().getSimpleName(),
          message == null ? "" : message,
          trace.toString(),
          frames);
    }
  }

  /**
   * One place.
   *
   * @param filename empty if not known
   * @param function class and method
   * @param line 0 or below if not known
   */
  public record Frame(String filename, String function, int line) {
    /** Rejects null. */
    public Frame {
      requireNonNull(filename, "filename");
      requireNonNull(function, "function");
    }

    static Frame of(StackTraceElement place) {
      String file = place.getFileName();
      return new Frame(
          file == null ? "" : file,
          place.getClassName() + "." + place.getMethodName(),
          place.getLineNumber());
    }
  }

  /**
   * What was done about it. Every member is put down under its name: {@code error_class}, {@code
   * provider}, {@code model}, {@code key_id} (a hash), {@code status}, {@code provider_code},
   * {@code request_id}, {@code attempt}, {@code delay_ms}, {@code delay_source}, {@code hint_raw},
   * {@code decision}, {@code retry_at}, {@code budget_left_ms}.
   *
   * @param members as they are written down
   */
  public record Retry(Json.Obj members) {
    /** It was no attempt of a call. */
    public static final Retry NONE = new Retry(Json.EMPTY);

    /** Takes out secrets. */
    public Retry {
      members = kept(members);
    }

    /**
     * What is known after a decision.
     *
     * @param situation of the call
     * @param decision what was decided
     * @param attempt its number, counted from 1
     */
    public static Retry of(Situation situation, Decision decision, int attempt) {
      Map<String, Json> all = new LinkedHashMap<>();
      all.put("error_class", Json.of(situation.error().kind().name()));
      all.put("provider", Json.of(situation.provider()));
      all.put("status", Json.of(situation.error().status()));
      all.put("provider_code", Json.of(situation.error().code()));
      all.put("request_id", Json.of(situation.error().requestId()));
      all.put("attempt", Json.of(attempt));
      String source = situation.error().hint().source();
      if (decision instanceof Decision.Retry retry) {
        all.put("delay_ms", Json.of(retry.after().toMillis()));
        all.put(
            "delay_source", Json.of(source.isEmpty() ? "backoff" : DelayTelemetry.source(source)));
      }
      all.put("hint_raw", Json.of(source));
      all.put("decision", Json.of(decision.getClass().getSimpleName() + ": " + decision.why()));
      if (!decision.retryAt().equals(Decision.UNKNOWN)) {
        all.put("retry_at", Json.of(decision.retryAt().toString()));
      }
      all.put("budget_left_ms", Json.of(millis(situation)));
      return new Retry(new Json.Obj(all));
    }

    private static long millis(Situation situation) {
      return Math.min(situation.left().toSeconds(), Long.MAX_VALUE / 2_000) * 1_000
          + situation.left().toMillisPart();
    }

    /** The same with one member more: the model, say, or the hash of a key. */
    public Retry with(String name, String value) {
      return new Retry(members.with(name, Json.of(value)));
    }
  }

  /** Takes out secrets. */
  public ErrorReport {
    requireNonNull(at, "at");
    requireNonNull(origin, "origin");
    requireNonNull(failure, "failure");
    requireNonNull(retry, "retry");
    context = kept(context);
  }

  /** A text for people, without what looks like a key. */
  private static String text(String text) {
    return Bounds.cut(Redaction.text(text), LONGEST_TEXT);
  }

  private static Json.Obj kept(Json.Obj members) {
    return BOUNDS.cut(Redaction.object(members));
  }

  /** The record as JSON. */
  public Json.Obj toJson() {
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("timestamp", Json.of(at.toString()));
    all.put("error_type", Json.of(failure.type()));
    all.put("error_message", Json.of(failure.message()));
    all.put("run_id", Json.of(origin.runId()));
    all.put("phase_id", Json.of(origin.phaseId()));
    all.put("component", Json.of(origin.component()));
    all.put("operation", Json.of(origin.operation()));
    all.put("traceback", Json.of(failure.traceback()));
    all.put("stack_frames", Json.of(failure.frames().stream().map(ErrorReport::json).toList()));
    all.put("context_data", context);
    all.put("runtime_version", Json.of("Java " + Runtime.version()));
    all.put(
        "platform", Json.of(System.getProperty("os.name") + " " + System.getProperty("os.arch")));
    all.putAll(retry.members().members());
    return new Json.Obj(all);
  }

  private static Json json(Frame frame) {
    return Json.EMPTY
        .with("filename", Json.of(frame.filename()))
        .with("function", Json.of(frame.function()))
        .with("line_number", Json.of(frame.line()));
  }

  /** The record for people. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append("%s  %s in %s%n".formatted(at, failure.type(), origin.component()));
    text.append("%s%n%n".formatted(failure.message()));
    text.append(
        "run %s, phase %s, while %s%n"
            .formatted(origin.runId(), origin.phaseId(), origin.operation()));
    retry
        .members()
        .members()
        .forEach((name, value) ->
            text.append(
                "%-14s %s%n".formatted(name, value instanceof Json.Str s ? s.value() : value)));
    if (!context.members().isEmpty()) {
      text.append("context        %s%n".formatted(context));
    }
    return text.append("%n%s".formatted(failure.traceback())).toString();
  }
}
