package dev.belay.settings;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;

/**
 * Says in our own words what a YAML parser choked on. Its own message quotes the line, and there
 * may be a password in it.
 */
final class SyntaxErrors {
  private static final String UNKNOWN = "not valid YAML: check indentation, quotes and brackets";

  private SyntaxErrors() {}

  static ConfigException explain(Source source, JacksonException error) {
    if (error.getCause() instanceof MarkedYamlEngineException marked) {
      return explain(source, marked);
    }
    return source.failed(Math.max(0, error.getLocation().getLineNr()), UNKNOWN);
  }

  private static ConfigException explain(Source source, MarkedYamlEngineException error) {
    String problem = Optional.ofNullable(error.getProblem()).orElse("");
    int here = line(error.getProblemMark(), 0);
    int opened = line(error.getContextMark(), here);
    if (problem.contains("TAB")) {
      return source.failed(here, "a tab; YAML is indented with spaces");
    }
    if (problem.contains("unexpected end of stream")) {
      return source.failed(opened, "a quote is opened here and never closed");
    }
    if (problem.contains("<stream end>")) {
      return source.failed(opened, "a bracket is opened here and never closed");
    }
    if (problem.startsWith("expected ',' or")) {
      return source.failed(
          here,
          "a comma or a closing bracket is missing; within brackets, put quotes around texts such"
              + " as \"${NAME}\"");
    }
    if (problem.startsWith("could not find expected ':'")) {
      return source.failed(opened, "a key without a ':'");
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return source.failed(
          here, "a ':' where no key can be: check the indentation, or put quotes around the text");
    }
    if (problem.startsWith("expected <block end>")) {
      return source.failed(here, "does not fit the lines above: check the indentation");
    }
    return source.failed(here, UNKNOWN);
  }

  private static int line(Optional<Mark> mark, int otherwise) {
    return mark.map(place -> place.getLine() + 1).orElse(otherwise);
  }
}
