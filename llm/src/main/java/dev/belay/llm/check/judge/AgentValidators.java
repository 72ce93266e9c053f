package dev.belay.llm.check.judge;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.McpServer;
import dev.belay.llm.check.Params;
import dev.belay.llm.check.Validators;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes validators that ask a judge: {@code agent_task} and {@code ai_contradiction_check}.
 * Immutable, safe for any number of threads if {@code judge} and {@code random} are.
 *
 * @param judge through which models are asked
 * @param model that judges unless a validator names another
 * @param tools servers of tools that validators may ask for by name
 * @param random for marks around judged texts: a {@link java.security.SecureRandom}
 */
public record AgentValidators(
    Judge judge, String model, Map<String, McpServer> tools, RandomGenerator random) {
  static final int MOST_NESTED = 3;
  private static final int MOST_TRIES = 10;

  /** Keeps a copy. */
  public AgentValidators {
    requireNonNull(judge, "judge");
    requireNonNull(model, "model");
    tools = Map.copyOf(tools);
    requireNonNull(random, "random");
  }

  /** These validators and both types. */
  public Validators addTo(Validators validators) {
    return validators
        .with("agent_task", params -> AgentTask.of(this, params))
        .with("ai_contradiction_check", params -> ContradictionCheck.of(this, params));
  }

  Court.Bench bench(Params params) {
    List<String> models = new ArrayList<>(params.textsOrNone("judges"));
    String one = params.text("validation_model", model);
    if (models.isEmpty()) {
      models.add(one);
    }
    return new Court.Bench(
        models,
        params.whole("quorum", models.size() / 2 + 1, 1, models.size()),
        params.choice("inconclusive", Unclear.RETRY),
        params.whole("judge_tries", 2, 1, MOST_TRIES),
        params.whole("max_depth", MOST_NESTED, 1, MOST_NESTED));
  }

  /** The whole configuration wins over names, as it says more. */
  List<McpServer> tools(Params params, List<String> otherwise) {
    Optional<Json.Obj> config = params.object("mcp_config");
    List<String> names =
        params.has("required_mcp_tools") ? params.textsOrNone("required_mcp_tools") : otherwise;
    if (config.isPresent()) {
      return McpConfig.servers(params, config.get());
    }
    Map<String, McpServer> wanted = new LinkedHashMap<>();
    for (String name : names) {
      McpServer server = tools.get(name);
      if (server != null) {
        wanted.put(name, server);
      } else if (params.has("required_mcp_tools")) {
        throw params.bad(
            "required_mcp_tools", "among " + tools.keySet().stream().sorted().toList());
      }
    }
    return List.copyOf(wanted.values());
  }
}
