package dev.belay.server.api;

import static dev.belay.server.api.FaultAnswers.guarded;
import static dev.belay.server.api.FaultAnswers.ok;

import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.FaultPolicyStore.Kept;
import dev.belay.chaos.inject.Policy;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.server.live.FaultControl;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fault policies, as published executors have them, with owners and leases besides. */
final class FaultPolicyRoutes {
  private static final String PATH = "/v1/policies";
  private static final String ONE = PATH + "/{name}";
  private static final int LONGEST_NAME = 256;

  private final FaultPolicies policies;

  FaultPolicyRoutes(FaultControl control) {
    this.policies = control.policies();
  }

  void addTo(Routes routes) {
    add(routes, HttpMethod.POST, PATH, this::put);
    add(routes, HttpMethod.GET, PATH, this::list);
    add(routes, HttpMethod.DELETE, PATH, this::sweep);
    add(routes, HttpMethod.POST, PATH + "/create", this::create);
    add(routes, HttpMethod.GET, PATH + "/status", this::status);
    add(routes, HttpMethod.GET, ONE, this::one);
    add(routes, HttpMethod.PUT, ONE, this::update);
    add(routes, HttpMethod.DELETE, ONE, this::delete);
    add(routes, HttpMethod.POST, ONE + "/lease", this::renew);
    add(routes, HttpMethod.POST, "/v1/leases", this::renewAll);
  }

  private static void add(
      Routes routes, HttpMethod method, String path, Routes.Operation operation) {
    routes.add(method, path, FaultAnswers.ANY, guarded(operation));
  }

  private static Map<String, Object> tree(Kept kept) {
    return PolicyDocument.write(kept.policy());
  }

  private Reply put(Ask ask) {
    return FaultAnswers.json(201, tree(policies.put(PolicyDocument.read(ask.text()))));
  }

  private Reply create(Ask ask) {
    Kept created = policies.create(PolicyDocument.read(ask.text()));
    return FaultAnswers.json(201, said("policy created successfully", created));
  }

  private Reply update(Ask ask) {
    Kept updated = policies.update(ask.param("name"), PolicyDocument.read(ask.text()));
    return ok(said("policy updated successfully", updated));
  }

  private static Map<String, Object> said(String message, Kept kept) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("message", message);
    tree.put("policy", tree(kept));
    return tree;
  }

  private Reply list(Ask ask) {
    return ok(
        Map.of(
            "policies",
            policies.snapshot().policies().stream().map(FaultPolicyRoutes::tree).toList()));
  }

  private Reply one(Ask ask) {
    String name = ask.param("name");
    return policies.find(name).map(kept -> ok(tree(kept))).orElseGet(() -> missing(name));
  }

  private static Reply missing(String name) {
    return FaultAnswers.missing("policy '%s' not found".formatted(Shown.text(name)));
  }

  private Reply delete(Ask ask) {
    String name = ask.param("name");
    return policies.delete(name)
        ? ok(Map.of("message", "policy deleted successfully"))
        : missing(name);
  }

  /** Without an owner it would delete everything, which is what the halt is for. */
  private Reply sweep(Ask ask) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("message", "policies deleted successfully");
    tree.put("deleted", policies.sweep(owner(ask)));
    return ok(tree);
  }

  private static String owner(Ask ask) {
    Query query = new Query(ask);
    Optional<String> owner = query.text("owner", LONGEST_NAME).filter(name -> !name.isBlank());
    query.close();
    return owner.orElseThrow(
        () -> ApiProblem.invalid(new ApiProblem.Fault("owner", null, "the owner of the policies")));
  }

  private Reply renew(Ask ask) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", ask.param("name"));
    policies
        .renew(ask.param("name"))
        .ifPresent(until -> tree.put("lease_ends_at", until.toString()));
    return ok(tree);
  }

  private Reply renewAll(Ask ask) {
    return ok(Map.of("renewed", policies.renewAll(owner(ask))));
  }

  private Reply status(Ask ask) {
    List<Policy> all = policies.snapshot().policies().stream().map(Kept::policy).toList();
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("total_policies", all.size());
    summary.put("abort_policies", with(all, "abort"));
    summary.put("delay_policies", with(all, "delay"));
    summary.put("active_policies", all.size());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("summary", summary);
    tree.put("policies", all.stream().map(FaultPolicyRoutes::line).toList());
    return ok(tree);
  }

  private static long with(List<Policy> all, String kind) {
    return all.stream().filter(policy -> kinds(policy).contains(kind)).count();
  }

  private static List<String> kinds(Policy policy) {
    List<String> kinds = new ArrayList<>();
    policy.rules().forEach(rule -> kinds.addAll(rule.fault().actions().kinds()));
    return kinds.stream().distinct().toList();
  }

  private static Map<String, Object> line(Policy policy) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", policy.name());
    tree.put("namespace", policy.selector().namespace());
    tree.put("target_service", policy.selector().service());
    tree.put("rules_count", policy.rules().size());
    tree.put("fault_types", kinds(policy));
    tree.put("active", true);
    return tree;
  }
}
