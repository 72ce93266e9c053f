package dev.belay.server.api;

import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.session.DryRun;
import dev.belay.chaos.wire.PlanTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a session would try, as a tree of JSON. */
final class DryRunJson {
  private DryRunJson() {}

  static Map<String, Object> of(String service, DryRun dry) {
    List<Map<String, Object>> plans = new ArrayList<>();
    for (DryRun.Step step : dry.steps()) {
      Map<String, Object> plan = new LinkedHashMap<>();
      plan.put("trial_id", plans.size() + 1);
      plan.put("arm", step.proposal().arm());
      plan.put("fault_plan", PlanTree.write(step.proposal().plan()));
      plan.put("policies", List.of(PolicyDocument.write(step.policy())));
      plan.put("strikes", step.struck());
      plan.put("allowed", step.refusal().isEmpty());
      plan.put("refusal", step.refusal().orElse(null));
      plans.add(plan);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("service_name", service);
    tree.put("asked", dry.asked().orElse(null));
    tree.put("calls", dry.calls());
    tree.put("plans", plans);
    tree.put("worst_case_sec", dry.longest().toSeconds());
    return tree;
  }
}
