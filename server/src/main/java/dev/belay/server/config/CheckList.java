package dev.belay.server.config;

import dev.belay.llm.check.Validators;
import dev.belay.llm.check.judge.AgentValidators;
import dev.belay.llm.check.judge.Judge;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigFile;
import dev.belay.settings.ConfigProblem;
import dev.belay.settings.Node;
import dev.belay.settings.Source;
import dev.belay.settings.YamlTree;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/** A list of checks outside of a configuration, written as in {@code llm.routes.*.check}. */
public final class CheckList {
  /** For checks that are only read: asks nobody. */
  public static final Judge NOBODY =
      (request, context) -> {
        throw new IllegalStateException("nobody is there to ask a model");
      };

  private CheckList() {}

  /**
   * All checks there are, those by models among them.
   *
   * @param judge asks the models
   * @param model that judges unless a check names another: a route
   */
  public static Validators validators(Judge judge, String model) {
    return new AgentValidators(judge, model, Map.of(), new SecureRandom())
        .addTo(Validators.standard());
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException if it is neither JSON nor YAML, or cannot be read
   */
  public static Json.Arr load(Path file) {
    return parse(file.toString(), ConfigFile.read(file));
  }

  /**
   * Reads JSON or YAML; a lone entry is a list of one.
   *
   * @param name by which messages call it
   * @throws ConfigException if it is neither
   */
  public static Json.Arr parse(String name, String text) {
    Json read = read(name, text);
    return read instanceof Json.Arr list ? list : Json.of(List.of(read));
  }

  private static Json read(String name, String text) {
    try {
      return Json.parse(text);
    } catch (JsonException noJson) {
      return yaml(name, text);
    }
  }

  /** A document is a mapping, and this becomes one by a line of ours above it. */
  private static Json yaml(String name, String text) {
    Source source = new Source(name, Map.of());
    try {
      List<Node.Member> members = YamlTree.read(source, "check:\n" + text.indent(2)).members();
      if (members.size() != 1) {
        throw source.failed(1, "must be a list of checks");
      }
      return NodeJson.of(members.getFirst().value());
    } catch (ConfigException wrong) {
      throw new ConfigException(wrong.problems().stream().map(CheckList::oneLineUp).toList());
    }
  }

  private static ConfigProblem oneLineUp(ConfigProblem problem) {
    return new ConfigProblem(
        problem.file(), Math.max(0, problem.line() - 1), problem.path(), problem.message());
  }
}
