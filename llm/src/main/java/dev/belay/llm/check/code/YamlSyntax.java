package dev.belay.llm.check.code;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

/** YAML. References are not followed, so a few lines cannot grow to gigabytes. */
final class YamlSyntax implements Syntax {
  private static final YAMLFactory FACTORY = new YAMLFactory();

  @Override
  public List<String> names() {
    return List.of("yaml", "yml");
  }

  @Override
  public List<Fault> faults(String source) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), source)) {
      while (parser.nextToken() != null) {
        // reading on is all there is to do
      }
      return List.of();
    } catch (JacksonException broken) {
      int line = broken.getLocation() == null ? 1 : broken.getLocation().getLineNr();
      String message = String.valueOf(broken.getOriginalMessage());
      return List.of(new Fault(Math.max(1, line), message.lines().findFirst().orElse("not YAML")));
    } catch (RuntimeException | StackOverflowError broken) {
      return List.of(new Fault(1, "not YAML: " + broken.getMessage()));
    }
  }
}
