package dev.belay.flow.plan;

import dev.belay.Backoff;
import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.ParityRules;
import dev.belay.flow.Plan;
import dev.belay.flow.Questions;
import dev.belay.flow.Role;
import dev.belay.flow.RunLimits;
import dev.belay.flow.Task;
import dev.belay.flow.TaskLimits;
import dev.belay.flow.Workflow;
import dev.belay.flow.WorktreeRules;
import dev.belay.settings.DurationText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes plans as JSON, which is YAML, for the journal. */
final class PlanWriter {
  private static final JsonMapper JSON = JsonMapper.shared();

  private PlanWriter() {}

  static String write(Plan plan) {
    ObjectNode root = JSON.createObjectNode();
    root.put("name", plan.name());
    limits(root.putObject("limits"), plan.limits());
    plan.parity()
        .ifPresentOrElse(
            rules -> parity(root, rules), () -> retry(root.putObject("retry"), plan.retry()));
    ObjectNode backends = root.putObject("backends");
    plan.backends().values().forEach(one -> backend(backends.putObject(one.name()), one));
    ObjectNode roles = root.putObject("roles");
    plan.roles().values().forEach(one -> role(roles.putObject(one.name()), one));
    ObjectNode workflows = root.putObject("workflows");
    plan.workflows()
        .values()
        .forEach(one -> workflow(workflows.putObject(one.name()).putArray("steps"), one));
    questions(root.putObject("questions"), plan.questions());
    WorktreeRules rules = plan.worktrees();
    if (rules.on()) {
      ObjectNode worktrees = root.putObject("worktrees");
      worktrees.put("strategy", lower(rules.strategy()));
      rules.target().ifPresent(target -> worktrees.put("target", target));
    }
    ArrayNode tasks = root.putArray("tasks");
    plan.tasks().values().forEach(task -> task(tasks.addObject(), task));
    return root.toString();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static void limits(ObjectNode node, RunLimits limits) {
    node.put("concurrency", limits.concurrency());
    if (Double.isFinite(limits.cost())) {
      node.put("cost", limits.cost());
    }
    if (limits.tokens() < Long.MAX_VALUE) {
      node.put("tokens", limits.tokens());
    }
  }

  private static void retry(ObjectNode node, RetryPolicy policy) {
    Backoff backoff = policy.backoff();
    node.put("max_attempts", policy.maxAttempts());
    node.put("backoff_strategy", lower(backoff.shape()));
    node.put("base_delay", DurationText.of(backoff.base()));
    node.put("max_backoff_delay", DurationText.of(backoff.cap()));
    node.put("multiplier", backoff.multiplier());
    node.put("jitter", lower(backoff.jitter()));
  }

  private static void parity(ObjectNode root, ParityRules rules) {
    ObjectNode retry = root.putObject("retry");
    retry.put("preset", RetryRules.BACKOFF_V4);
    retry.put("initial", DurationText.of(rules.initial()));
    retry.put("multiplier", rules.multiplier());
    retry.put("factor", rules.factor());
    retry.put("max_interval", DurationText.of(rules.maxInterval()));
    retry.put("max_elapsed", DurationText.of(rules.maxElapsed()));
    ObjectNode breaker = root.putObject("circuit_breaker");
    breaker.put("preset", RetryRules.GOBREAKER_V1);
    breaker.put("max_requests", rules.maxRequests());
    breaker.put("interval", DurationText.of(rules.interval()));
    breaker.put("timeout", DurationText.of(rules.timeout()));
    breaker.put("failures", rules.failures());
  }

  private static void texts(ObjectNode node, String key, Iterable<String> texts) {
    ArrayNode array = JSON.createArrayNode();
    texts.forEach(array::add);
    if (!array.isEmpty()) {
      node.set(key, array);
    }
  }

  private static void backend(ObjectNode node, BackendSettings one) {
    node.put("type", one.type());
    node.put("account", one.account());
    texts(node, "command", one.command());
    texts(node, "args", one.args());
    if (!one.environment().isEmpty()) {
      ObjectNode environment = node.putObject("environment");
      one.environment().forEach(environment::put);
    }
    one.url().ifPresent(url -> node.put("url", url.toString()));
    one.keyVariable().ifPresent(name -> node.put("key_variable", name));
    one.model().ifPresent(model -> node.put("model", model));
    node.put("concurrency", one.concurrency());
    node.put("grace", DurationText.of(one.grace()));
    BreakerPolicy policy = one.breaker();
    ObjectNode breaker = node.putObject("circuit_breaker");
    breaker.put("consecutive_failures", policy.trip().consecutive());
    breaker.put("timeout_duration", DurationText.of(policy.open().base()));
    breaker.put("open_growth", policy.open().growth());
    breaker.put("max_open_duration", DurationText.of(policy.open().longest()));
    breaker.put("half_open_calls", policy.probe().atOnce());
    breaker.put("half_open_successes", policy.probe().successes());
  }

  private static void role(ObjectNode node, Role role) {
    texts(node, "backends", role.backends());
    role.model().ifPresent(model -> node.put("model", model));
    role.system().ifPresent(system -> node.put("system_prompt", system));
    texts(node, "tools", role.tools());
  }

  private static void workflow(ArrayNode array, Workflow workflow) {
    List<Workflow.Step> steps = workflow.steps();
    for (Workflow.Step step : steps) {
      ObjectNode node = array.addObject();
      node.put("role", step.role());
      if (!step.prompt().isEmpty()) {
        node.put("prompt", step.prompt());
      }
      Optional<Workflow.Loop> back = step.back();
      if (back.isPresent()) {
        node.put("back_to", steps.get(back.get().to()).role());
        node.put("rounds", back.get().rounds());
      }
    }
  }

  private static void questions(ObjectNode node, Questions questions) {
    questions.role().ifPresent(role -> node.put("role", role));
    node.put("timeout", DurationText.of(questions.timeout()));
    node.put("most", questions.most());
  }

  private static void task(ObjectNode node, Task task) {
    node.put("id", task.id());
    node.put("role", task.role());
    node.put("prompt", task.prompt());
    task.workflow().ifPresent(name -> node.put("workflow", name));
    texts(node, "needs", task.needs());
    node.put("failure", lower(task.failure()));
    node.put("priority", task.priority());
    TaskLimits limits = task.limits();
    node.put("timeout", DurationText.of(limits.timeout()));
    node.put("idle_timeout", DurationText.of(limits.idleTimeout()));
    ObjectNode budget = node.putObject("budget");
    if (Double.isFinite(limits.cost())) {
      budget.put("cost", limits.cost());
    }
    if (limits.tokens() < Long.MAX_VALUE) {
      budget.put("tokens", limits.tokens());
    }
    texts(node, "writes", task.writes().stream().sorted().toList());
    task.retry().ifPresent(policy -> retry(node.putObject("retry"), policy));
  }
}
