package dev.belay.llm.delay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** A file that is being read, and what was found wrong with it so far. For one thread. */
final class YamlFile {
  private static final int LONGEST = 1_000_000;
  private static final int MOST_PROBLEMS = 100;

  private final String name;
  private final List<SettingsException.Problem> problems = new ArrayList<>();

  YamlFile(String name) {
    this.name = name;
  }

  /** The document; empty if there is none. */
  Optional<YamlPart> read(String text) {
    if (text.length() > LONGEST) {
      throw failed(0, "is longer than %d characters".formatted(LONGEST));
    }
    try {
      // a buffer for the whole text has no end for a pair of surrogates to cross
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(name)
              .setBufferSize(text.length() + 2)
              .setAllowNonScalarKeys(true)
              .build();
      Optional<Node> root = new Compose(settings).composeString(text);
      return root.map(node -> new YamlPart(this, "", node));
    } catch (MarkedYamlEngineException broken) {
      int line = broken.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
      throw failed(line, "not valid YAML: " + broken.getProblem());
    } catch (YamlEngineException broken) {
      throw failed(0, "not valid YAML: " + broken.getMessage());
    }
  }

  void wrong(int line, String path, String message) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(new SettingsException.Problem(name, line, path, message));
    }
  }

  /** Throws if anything was found wrong. */
  void check() {
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(SettingsException.Problem::line));
      throw new SettingsException(problems);
    }
  }

  private SettingsException failed(int line, String message) {
    return new SettingsException(List.of(new SettingsException.Problem(name, line, "", message)));
  }
}
