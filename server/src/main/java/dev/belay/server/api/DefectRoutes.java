package dev.belay.server.api;

import dev.belay.chaos.Defect;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.export.Format;
import dev.belay.chaos.export.Reproducer;
import dev.belay.chaos.search.Beginning;
import dev.belay.chaos.search.Findings;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.session.Trial;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What sessions found: boiled down once more, and written down for others. */
final class DefectRoutes {
  private static final Bodies TRIAL = new Bodies(List.of(), 16 * 1024);
  private static final Defect.Odds ONCE = new Defect.Odds(1, 1);

  private final Sessions sessions;
  private final SessionRoutes of;

  DefectRoutes(Sessions sessions, SessionRoutes of) {
    this.sessions = sessions;
    this.of = of;
  }

  void addTo(Routes routes) {
    String one = SessionRoutes.ONE;
    routes.add(HttpMethod.POST, one + "/minimise", TRIAL, of.guarded(this::minimise));
    routes.get(one + "/defects", of.guarded(this::defects));
    routes.get(one + "/defects/{number}", of.guarded(this::export));
  }

  private Reply minimise(Ask ask) {
    OptionalLong trial = OptionalLong.empty();
    if (ask.body().length() > 0) {
      Tree tree = Json.read(ask.text());
      trial = tree.maybeWhole("trial_id", 1, 1_000);
      tree.close();
    }
    String id = ask.param("session");
    Optional<SessionView> view = sessions.view(id);
    if (view.isEmpty()) {
      return of.missing(id);
    }
    return trial.isPresent() ? again(view.get(), (int) trial.getAsLong()) : again(view.get());
  }

  /** Each defect. */
  private Reply again(SessionView view) {
    if (!view.state().isOver()) {
      return conflict("SESSION_RUNNING", "the session still boils down what it finds", view);
    }
    List<Beginning.Past> plans =
        view.defects().stream()
            .map(defect -> new Beginning.Past(defect.signature(), defect.found(), odds(defect), ""))
            .toList();
    return plans.isEmpty()
        ? conflict("NOTHING_TO_MINIMISE", "the session found nothing that breaks the system", view)
        : begin(view, plans);
  }

  private static Defect.Odds odds(Defect defect) {
    return defect.minimal().map(Defect.Minimal::odds).orElse(ONCE);
  }

  /** The plan of one trial. */
  private Reply again(SessionView view, int number) {
    Optional<Trial> trial =
        sessions.trials(view.id()).stream().filter(one -> one.number() == number).findFirst();
    if (trial.isEmpty()) {
      return of.error(
          404,
          "TRIAL_NOT_FOUND",
          "the session has no trial %d that is over".formatted(number),
          Map.of());
    }
    Optional<String> failure = trial.get().seen().flatMap(seen -> seen.insight().failure());
    FaultPlan plan = trial.get().proposal().plan();
    if (failure.isEmpty() || plan.size() == 0) {
      return conflict(
          "NOTHING_TO_MINIMISE", "the system did not fail in trial %d".formatted(number), view);
    }
    return begin(view, List.of(new Beginning.Past(failure.get(), plan, ONCE, "")));
  }

  private Reply conflict(String code, String message, SessionView view) {
    return of.error(409, code, message, Map.of("status", view.state().name()));
  }

  private Reply begin(SessionView from, List<Beginning.Past> plans) {
    SessionSpec spec =
        new SessionSpec(
            from.spec().service(),
            new Beginning(plans, true).document(),
            sessions.settings().trials(),
            SessionSpec.DEFAULT_BUDGET,
            from.spec().seed());
    return of.begin(spec);
  }

  private Reply defects(Ask ask) {
    new Query(ask).close();
    String id = ask.param("session");
    Optional<SessionView> view = sessions.view(id);
    if (view.isEmpty()) {
      return of.missing(id);
    }
    List<Map<String, Object>> defects = new ArrayList<>();
    for (Defect defect : view.get().defects()) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("number", defects.size() + 1);
      tree.putAll(SessionJson.defect(defect));
      defects.add(tree);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("defects", defects);
    tree.put("total", defects.size());
    return SessionRoutes.json(200, tree);
  }

  private Reply export(Ask ask) {
    Query query = new Query(ask);
    String wanted = query.text("format", 16).orElse("policy");
    query.close();
    Format format =
        Format.of(wanted)
            .orElseThrow(
                () -> new WireException("format", "one of " + String.join(", ", Format.words())));
    String id = ask.param("session");
    Optional<SessionView> view = sessions.view(id);
    if (view.isEmpty()) {
      return of.missing(id);
    }
    String number = ask.param("number");
    List<Defect> defects = view.get().defects();
    for (int i = 0; i < defects.size(); i++) {
      if (Integer.toString(i + 1).equals(number)) {
        return export(id, defects.get(i), format);
      }
    }
    return of.error(
        404,
        "DEFECT_NOT_FOUND",
        "the session has found %d defects, and none with the number %s"
            .formatted(defects.size(), Shown.path(number)),
        Map.of());
  }

  private Reply export(String session, Defect defect, Format format) {
    FaultPlan plan = defect.minimal().map(Defect.Minimal::plan).orElse(defect.found());
    Optional<Reproducer> what =
        sessions
            .reproducer(session, plan)
            .map(one -> one.showing(Findings.of(defect, sessions.entries(session))));
    if (what.isEmpty()) {
      return of.error(
          409,
          "CANNOT_BE_REPRODUCED",
          "only the process that searched this system can ask it",
          Map.of());
    }
    return Reply.of(200, media(format), Buffer.buffer(format.write(what.get())))
        .with(
            "Content-Disposition",
            "attachment; filename=\"%s\"".formatted(format.fileName(what.get())));
  }

  private static String media(Format format) {
    return switch (format) {
      case POLICY_YAML -> "application/yaml";
      case CURL -> "application/x-sh";
      case JUNIT -> "text/x-java-source; charset=utf-8";
      case CHAOS_TOOLKIT, TOXIPROXY, ENVOY -> "application/json";
    };
  }
}
