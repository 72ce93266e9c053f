package dev.belay.server.api;

import static dev.belay.server.api.FaultAnswers.guarded;
import static dev.belay.server.api.FaultAnswers.ok;

import dev.belay.chaos.inject.Agents;
import dev.belay.chaos.inject.AppliedFaults;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.wire.Tree;
import dev.belay.server.live.FaultControl;
import dev.belay.server.live.FaultSweep;
import dev.belay.server.store.Alarm;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Faults that are asked for as such, the kill switch, and what data planes tell. */
final class FaultRoutes {
  private static final String FAULTS = "/v1/faults";
  private static final String ONE = FAULTS + "/{id}";
  private static final int LONGEST_NAME = 256;

  private final FaultControl control;
  private final FaultSweep sweep;
  private final Alarm store;

  FaultRoutes(FaultControl control, FaultSweep sweep, Alarm store) {
    this.control = control;
    this.sweep = sweep;
    this.store = store;
  }

  void addTo(Routes routes) {
    routes.get("/v1/ready", this::ready);
    routes.get(FAULTS, this::faults);
    routes.add(HttpMethod.POST, FAULTS + "/apply", FaultAnswers.ANY, guarded(this::apply));
    routes.get(ONE + "/status", this::status);
    routes.get(ONE + "/metrics", this::metrics);
    routes.add(HttpMethod.DELETE, ONE, Bodies.NONE, this::end);
    routes.get("/v1/halt", this::halted);
    routes.add(HttpMethod.POST, "/v1/halt", Bodies.NONE, this::halt);
    routes.add(HttpMethod.POST, "/v1/resume", Bodies.NONE, this::resume);
    routes.add(HttpMethod.POST, "/v1/sweep", Bodies.NONE, this::sweep);
    routes.get("/v1/agents", this::agents);
    routes.add(HttpMethod.POST, "/v1/agents/{id}", FaultAnswers.ANY, guarded(this::report));
    routes.get("/v1/receipts", this::receipts);
  }

  private Reply ready(Ask ask) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (!store.isRaised()) {
      tree.put("status", "ready");
      tree.put("storage", "store");
      return ok(tree);
    }
    tree.put("status", "not_ready");
    tree.put("reason", "storage_unavailable");
    tree.put("error", "the store fails; the log says why");
    return FaultAnswers.json(503, tree);
  }

  private Reply faults(Ask ask) {
    return ok(
        Map.of(
            "faults",
            control.applied().running().stream()
                .map(status -> {
                  Map<String, Object> tree = new LinkedHashMap<>();
                  tree.put("apply_id", status.id());
                  tree.put("status", "running");
                  tree.put("start_time", status.start().toString());
                  return tree;
                })
                .toList()));
  }

  private Reply apply(Ask ask) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("apply_id", control.applied().apply(FaultAnswers.tree(ask)));
    tree.put("status", "applied");
    tree.put("message", "fault applied successfully");
    return ok(tree);
  }

  private Optional<AppliedFaults.Status> find(Ask ask) {
    return control.applied().status(ask.param("id"));
  }

  private static Reply missing(Ask ask) {
    return FaultAnswers.missing("fault '%s' not found".formatted(Shown.text(ask.param("id"))));
  }

  private Reply status(Ask ask) {
    return find(ask).map(status -> ok(tree(status))).orElseGet(() -> missing(ask));
  }

  private Map<String, Object> tree(AppliedFaults.Status status) {
    AppliedFaults.Progress progress = control.applied().progress(status);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("apply_id", status.id());
    tree.put("status", status.running() ? "running" : "completed");
    tree.put("start_time", status.start().toString());
    status.end().ifPresent(end -> tree.put("end_time", end.toString()));
    tree.put("agents", progress.there());
    tree.put("applied_by", progress.caughtUp());
    return tree;
  }

  /** What the executor knows itself: what was struck. Whoever sends the load knows the rest. */
  private Reply metrics(Ask ask) {
    List<StrikeReceipt> receipts = control.receipts().of(ask.param("id"));
    if (find(ask).isEmpty() && receipts.isEmpty()) {
      return missing(ask);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("logs", List.of());
    tree.put("struck", receipts.size());
    tree.put("receipts", receipts.stream().map(StrikeReceipt::write).toList());
    return ok(tree);
  }

  private Reply end(Ask ask) {
    return control
        .applied()
        .end(ask.param("id"))
        .map(status -> ok(tree(status)))
        .orElseGet(() -> missing(ask));
  }

  private Reply halted(Ask ask) {
    FaultPolicies.Snapshot now = control.policies().snapshot();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("status", now.halted() ? "halted" : "running");
    tree.put("in_force", now.policies().size());
    return ok(tree);
  }

  private Reply halt(Ask ask) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("status", "halted");
    tree.put("deleted", control.policies().halt());
    return ok(tree);
  }

  private Reply resume(Ask ask) {
    control.policies().resume();
    return ok(Map.of("status", "running"));
  }

  private Reply sweep(Ask ask) {
    Query query = new Query(ask);
    Optional<String> owner = query.text("owner", LONGEST_NAME).filter(name -> !name.isBlank());
    query.close();
    try {
      return ok(Map.of("swept", sweep.sweep(owner)));
    } catch (IllegalArgumentException wrong) {
      throw ApiProblem.invalid(
          new ApiProblem.Fault("owner", owner.orElse(""), "1 to 40 letters, digits and hyphens"));
    } catch (ExecutorException away) {
      return unswept(away.code().name().toLowerCase(Locale.ROOT), away);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return unswept("interrupted", stopped);
    }
  }

  private static Reply unswept(String code, Exception why) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("error", code);
    tree.put("message", "it is not known that nothing is left behind: " + why.getMessage());
    return FaultAnswers.json(502, tree);
  }

  private Reply agents(Ask ask) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("rule_set_version", control.policies().snapshot().version());
    tree.put("agents", control.agents().all().stream().map(FaultRoutes::tree).toList());
    return ok(tree);
  }

  private static Map<String, Object> tree(Agents.Agent agent) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", agent.id());
    tree.put("services", agent.services());
    tree.put("applied_version", agent.appliedVersion());
    tree.put("last_seen", agent.lastSeen().toString());
    return tree;
  }

  private Reply report(Ask ask) {
    Tree tree = FaultAnswers.tree(ask);
    List<String> services = tree.texts("services");
    long version = tree.maybeWhole("applied_version", -1, Long.MAX_VALUE).orElse(-1);
    List<StrikeReceipt> receipts =
        tree.trees("receipts").stream().map(StrikeReceipt::read).toList();
    tree.close();
    // before the version: whoever waits for that reads them next
    control.receipts().add(receipts);
    control.agents().seen(ask.param("id"), services, version);
    return ok(Map.of("rule_set_version", control.policies().snapshot().version()));
  }

  private Reply receipts(Ask ask) {
    Query query = new Query(ask);
    String policy = query.text("policy", LONGEST_NAME).orElse("");
    query.close();
    return ok(
        Map.of(
            "receipts", control.receipts().of(policy).stream().map(StrikeReceipt::write).toList()));
  }
}
