package dev.belay.server.api;

import dev.belay.Time;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.report.HtmlReport;
import dev.belay.chaos.report.JsonReport;
import dev.belay.chaos.report.MarkdownReport;
import dev.belay.chaos.report.Report;
import dev.belay.chaos.search.PastDefects;
import dev.belay.chaos.search.SessionMap;
import dev.belay.chaos.session.BusyException;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.session.StateException;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.trace.ServiceMap;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.ServiceMapTree;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import dev.belay.server.live.StillStarting;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigProblem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Sessions that search a system for the faults that break it. */
final class SessionRoutes {
  static final String PATH = "/v1/optimization/sessions";
  private static final String SERVICES = "/v1/optimization/services";
  static final String ONE = PATH + "/{session}";
  static final String DRY = "/v1/optimization/plans";
  private static final int SHOWN = 20;
  private static final Bodies SPEC = new Bodies(List.of("application/json"), 1 << 20);
  private static final Bodies REASON = new Bodies(List.of(), 16 * 1024);
  private static final int LONGEST_REASON = 1_000;

  private final Sessions sessions;
  private final FaultPolicies policies;
  private final Time time;
  private final SessionErrors errors;
  private final SecureRandom random = new SecureRandom();

  SessionRoutes(Sessions sessions, FaultPolicies policies, Time time) {
    this.sessions = sessions;
    this.policies = policies;
    this.time = time;
    this.errors = new SessionErrors(time);
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.POST, PATH, SPEC, guarded(this::start));
    routes.add(HttpMethod.POST, DRY, SPEC, guarded(this::plan));
    routes.get(PATH, guarded(this::list));
    routes.get(SERVICES, ask -> json(200, Map.of("services", sessions.services())));
    routes.get(SERVICES + "/{service}/map", guarded(this::map));
    routes.get(ONE, guarded(this::one));
    routes.add(HttpMethod.POST, ONE + "/stop", REASON, guarded(ask -> end(ask, sessions::stop)));
    routes.add(HttpMethod.POST, ONE + "/abort", REASON, guarded(ask -> end(ask, sessions::abort)));
    new DefectRoutes(sessions, this).addTo(routes);
    routes.get(ONE + "/report", guarded(this::report));
    routes.get(ONE + "/trials", guarded(this::trials));
    routes.get(ONE + "/trials/{number}", guarded(this::trial));
  }

  /** What answers, or throws what {@link #guarded} knows. */
  interface Operation {
    Reply answer(Ask ask);
  }

  Routes.Operation guarded(Operation operation) {
    return ask -> {
      try {
        return operation.answer(ask);
      } catch (WireException wrong) {
        return invalid(String.valueOf(wrong.getMessage()), wrong.field(), wrong.constraint());
      } catch (ConfigException wrong) {
        ConfigProblem first = wrong.problems().getFirst();
        return invalid(
            first.path() + " " + first.message(), first.path(), RunJson.plain(first.message()));
      } catch (BusyException busy) {
        return error(503, "RESOURCE_EXHAUSTED", String.valueOf(busy.getMessage()), Map.of())
            .with("Retry-After", "30");
      } catch (StateException over) {
        return error(
            409,
            over.state().isOver() ? "SESSION_ALREADY_COMPLETED" : "SESSION_ELSEWHERE",
            String.valueOf(over.getMessage()),
            Map.of("status", over.state().name()));
      } catch (StillStarting early) {
        return errors.reply(ApiProblem.busy(String.valueOf(early.getMessage())));
      }
    };
  }

  private Reply invalid(String message, String field, String constraint) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("field", field);
    details.put("constraint", constraint);
    return error(400, "INVALID_REQUEST", message, details);
  }

  Reply error(int status, String code, String message, Map<String, Object> details) {
    return errors.reply(status, code, message, details);
  }

  static Reply json(int status, Object tree) {
    return Reply.of(status, "application/json", Buffer.buffer(Json.write(tree)));
  }

  private Reply plan(Ask ask) {
    SessionSpec spec = spec(ask);
    try {
      return json(200, DryRunJson.of(spec.service(), sessions.dryRun(spec, SHOWN)));
    } catch (WireException wrong) {
      throw wrong;
    } catch (IllegalArgumentException refused) {
      return refusal(refused);
    } catch (TargetFailed away) {
      return error(502, "SYSTEM_UNAVAILABLE", String.valueOf(away.getMessage()), Map.of());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return error(503, "INTERRUPTED", "the server ends; ask again", Map.of());
    }
  }

  private SessionSpec spec(Ask ask) {
    Tree tree = Json.read(ask.text());
    String service = tree.text("service_name");
    Optional<Tree> space = tree.maybeTree("search_space").filter(one -> !one.keys().isEmpty());
    space
        .filter(one -> !one.has("dimensions"))
        .ifPresent(one -> {
          throw one.wrong("dimensions", "a list of 1 to 20 dimensions");
        });
    int trials = (int) tree.maybeWhole("max_trials", 1, 1_000).orElse(sessions.settings().trials());
    long budget =
        tree.maybeWhole("time_budget_sec", 60, 86_400)
            .orElse(SessionSpec.DEFAULT_BUDGET.toSeconds());
    long seed =
        tree.maybeWhole("seed", Long.MIN_VALUE, Long.MAX_VALUE)
            .orElseGet(() -> random.nextLong() >>> 12);
    boolean warm = tree.yesNo("warm_start", true);
    int parallel = (int) tree.maybeWhole("parallel_trials", 1, SessionSpec.MOST_PARALLEL).orElse(1);
    Optional<ServiceMap> map = given(tree, space.isPresent());
    tree.close();
    if (map.isEmpty() && space.isEmpty()) {
      map = sessions.map(service);
    }
    String document =
        space
            .map(one -> Json.write(one.members()))
            .orElseGet(() -> warm ? PastDefects.of(sessions, service).document() : "{}");
    String whole = map.map(one -> SessionMap.with(document, one)).orElse(document);
    try {
      return new SessionSpec(service, whole, trials, Duration.ofSeconds(budget), seed, parallel);
    } catch (IllegalArgumentException refused) { // all else was looked at above
      throw new WireException(
          "service_name", "1 to 63 of a-z, 0-9 and hyphens, not at the ends; was " + service);
    }
  }

  private Optional<ServiceMap> given(Tree tree, boolean hasSpace) {
    Optional<ServiceMap> map =
        tree.maybeTree(SessionMap.KEY).map(one -> ServiceMapTree.read(one, time.instant()));
    if (map.isPresent() && hasSpace) {
      throw tree.wrong(SessionMap.KEY, "left out where there is a search_space");
    }
    if (map.isPresent() && map.get().topology().isEmpty()) {
      throw tree.wrong(SessionMap.KEY + ".topology", "a list of at least one call");
    }
    return map;
  }

  private Reply start(Ask ask) {
    return begin(spec(ask));
  }

  /** Begins a session, and says where it is. */
  Reply begin(SessionSpec spec) {
    if (policies.isHalted()) {
      return error(
          409,
          "FAULTS_HALTED",
          "all faults are halted; POST /v1/resume lets sessions begin again",
          Map.of());
    }
    try {
      return begun(sessions.start(spec));
    } catch (WireException wrong) {
      throw wrong;
    } catch (IllegalArgumentException refused) {
      return refusal(refused);
    }
  }

  /** What sessions say of what cannot be carried out as it is asked for. */
  private Reply refusal(IllegalArgumentException refused) {
    String message = String.valueOf(refused.getMessage());
    String first = message.split(" ", 2)[0];
    return invalid(message, first.contains("_") ? first : "service_name", message);
  }

  private Reply begun(SessionView view) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("session_id", view.id());
    answer.put("status", "PENDING");
    answer.put("created_at", view.times().created().toString());
    answer.put("message", "session created; it begins at once");
    return json(202, answer).with("Location", PATH + "/" + view.id());
  }

  /** By the newest session of a service that knows one. */
  private Reply map(Ask ask) {
    new Query(ask).close();
    String service = ask.param("service");
    return sessions.list().stream()
        .filter(view -> view.spec().service().equals(service))
        .flatMap(view -> SessionMap.of(view, sessions.entries(view.id())).stream())
        .findFirst()
        .map(map -> json(200, ServiceMapTree.write(map)))
        .orElseGet(() ->
            error(
                404,
                "MAP_NOT_FOUND",
                "no session of %s has seen a trace; start one, and let the services send traces"
                    .formatted(Shown.path(service)),
                Map.of()));
  }

  private Reply list(Ask ask) {
    Query query = new Query(ask);
    int limit = query.whole("limit", 1, 1_000, 20);
    int offset = query.whole("offset", 0, 1_000_000, 0);
    query.close();
    List<SessionView> all = sessions.list();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("sessions", all.stream().skip(offset).limit(limit).map(SessionJson::view).toList());
    tree.put("total", all.size());
    return json(200, tree);
  }

  private Reply one(Ask ask) {
    String id = ask.param("session");
    return sessions
        .view(id)
        .map(view -> {
          Map<String, Object> tree = SessionJson.view(view);
          tree.put(
              "regression",
              PastDefects.change(view, sessions.entries(id)).map(SessionJson::change).orElse(null));
          tree.put("safety", SessionJson.safety(sessions.entries(id)));
          return json(200, tree);
        })
        .orElseGet(() -> missing(id));
  }

  Reply missing(String id) {
    return error(
        404,
        "SESSION_NOT_FOUND",
        "there is no session %s; GET %s lists them".formatted(Shown.path(id), PATH),
        Map.of());
  }

  private Reply end(Ask ask, BiFunction<String, String, Optional<SessionView>> how) {
    String reason = "";
    if (ask.body().length() > 0) {
      Tree tree = Json.read(ask.text());
      reason = tree.maybeText("reason").orElse("");
      tree.close();
      if (reason.length() > LONGEST_REASON) {
        throw new WireException("reason", "at most %d characters".formatted(LONGEST_REASON));
      }
    }
    String id = ask.param("session");
    return how.apply(id, reason)
        .map(view -> {
          Map<String, Object> tree = new LinkedHashMap<>();
          tree.put("session_id", id);
          tree.put("status", view.state().isOver() ? view.state().name() : "STOPPING");
          tree.put("message", "the session ends");
          return json(202, tree);
        })
        .orElseGet(() -> missing(id));
  }

  private Reply report(Ask ask) {
    Query query = new Query(ask);
    String format = query.text("format", 16).orElse("json");
    boolean brief = query.text("parts", 16).map(SessionRoutes::isBrief).orElse(false);
    query.close();
    String id = ask.param("session");
    Optional<SessionView> view = sessions.view(id);
    if (view.isEmpty()) {
      return missing(id);
    }
    List<Entry> entries = sessions.entries(id);
    Report report = brief ? Report.brief(view.get(), entries) : Report.of(view.get(), entries);
    return switch (format) {
      case "json" -> Reply.of(200, "application/json", Buffer.buffer(JsonReport.write(report)));
      case "markdown" ->
          Reply.of(
              200, "text/markdown; charset=utf-8", Buffer.buffer(MarkdownReport.write(report)));
      case "html" ->
          Reply.of(200, "text/html; charset=utf-8", Buffer.buffer(HtmlReport.write(report)))
              .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
      default -> throw new WireException("format", "one of json, markdown, html");
    };
  }

  private static boolean isBrief(String parts) {
    return switch (parts) {
      case "all" -> false;
      case "brief" -> true;
      default -> throw new WireException("parts", "one of all, brief");
    };
  }

  private Reply trials(Ask ask) {
    Query query = new Query(ask);
    int after = query.whole("after", 0, 1_000_000, 0);
    int limit = query.whole("limit", 1, 1_000, 1_000);
    query.close();
    String id = ask.param("session");
    if (sessions.view(id).isEmpty()) {
      return missing(id);
    }
    List<Trial> trials = sessions.trials(id);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put(
        "trials",
        trials.stream()
            .skip(after) // several at a time end in any order
            .limit(limit)
            .map(trial -> SessionJson.trial(trial, false))
            .toList());
    tree.put("total", trials.size());
    return json(200, tree);
  }

  private Reply trial(Ask ask) {
    String id = ask.param("session");
    if (sessions.view(id).isEmpty()) {
      return missing(id);
    }
    String number = ask.param("number");
    return sessions.trials(id).stream()
        .filter(trial -> Integer.toString(trial.number()).equals(number))
        .findFirst()
        .map(trial -> json(200, SessionJson.trial(trial, true)))
        .orElseGet(() ->
            error(
                404,
                "TRIAL_NOT_FOUND",
                "the session has no trial %s that is over".formatted(Shown.path(number)),
                Map.of()));
  }
}
