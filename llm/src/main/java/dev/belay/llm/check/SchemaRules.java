package dev.belay.llm.check;

import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;
import dev.belay.Check;
import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A compiled JSON Schema. Nothing is fetched from anywhere, patterns take linear time, and the work
 * for one value is bounded. Safe for any number of threads.
 */
final class SchemaRules {
  private static final long MOST_STEPS = 5_000_000;
  private static final int MOST_DEEP = 400;

  private final Schema schema;
  private final ExecutionConfig limits;
  private final int mostErrors;

  private SchemaRules(Schema schema, boolean formats, int mostErrors) {
    this.schema = schema;
    this.mostErrors = mostErrors;
    this.limits =
        ExecutionConfig.builder()
            .formatAssertionsEnabled(formats)
            .maxEvaluationSteps(MOST_STEPS)
            .maxEvaluationDepth(MOST_DEEP)
            .locale(Locale.ROOT)
            .build();
  }

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException if the schema is none, or refers to another document
   */
  static SchemaRules of(Json schema, Draft draft, boolean formats, int mostErrors) {
    References.check(schema);
    SchemaRegistry registry = registry(draft.version);
    JsonNode node = Nodes.of(schema);
    SpecificationVersion version =
        draft == Draft.AUTO
            ? SpecificationVersion.fromSchemaNode(node).orElse(draft.version)
            : draft.version;
    try {
      Schema meta = registry.getSchema(SchemaLocation.of(version.getDialectId()));
      List<Error> wrong = meta.validate(node);
      Check.that(
          wrong.isEmpty(), "the schema is none: %s", wrong.isEmpty() ? "" : told(wrong.getFirst()));
      return new SchemaRules(registry.getSchema(node), formats, mostErrors);
    } catch (SchemaException | StackOverflowError bad) {
      throw new IllegalArgumentException("the schema cannot be used: " + bad.getMessage(), bad);
    }
  }

  private static SchemaRegistry registry(SpecificationVersion version) {
    return SchemaRegistry.withDefaultDialect(
        version,
        builder ->
            builder
                .schemaLoader(loader -> loader.fetchRemoteResources(false))
                .schemaRegistryConfig(
                    SchemaRegistryConfig.builder()
                        .pathType(PathType.JSON_POINTER)
                        .regularExpressionFactory(SchemaRules::expression)
                        .locale(Locale.ROOT)
                        .build()));
  }

  private static RegularExpression expression(String pattern) {
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (com.google.re2j.PatternSyntaxException bad) {
      throw new SchemaException(
          "pattern '%s' must be an RE2 expression, without look-around and references back"
              .formatted(pattern));
    }
    return text -> compiled.matcher(text).find();
  }

  /** What is wrong with a value, up to the limit; the last one says how many more there are. */
  List<Problem> problems(String validator, Json json) {
    List<Error> errors;
    try {
      errors = schema.validate(Nodes.of(json), context -> context.setExecutionConfig(limits));
    } catch (ValidationLimitExceededException | StackOverflowError tooMuch) {
      return List.of(
          Problem.of(validator, "the JSON is too large or too deep for the schema", "Say less."));
    } catch (IllegalArgumentException number) {
      return List.of(Problem.of(validator, String.valueOf(number.getMessage())));
    }
    List<Problem> problems = new ArrayList<>();
    for (Error error : errors.subList(0, Math.min(mostErrors, errors.size()))) {
      String pointer = error.getInstanceLocation().toString();
      problems.add(
          new Problem(
              validator, told(error), pointer, List.of(), "schema " + error.getEvaluationPath()));
    }
    if (errors.size() > mostErrors) {
      problems.add(Problem.of(validator, "and %d more".formatted(errors.size() - mostErrors)));
    }
    return problems;
  }

  private static String told(Error error) {
    String pointer = error.getInstanceLocation().toString();
    String message = error.getMessage();
    String place = pointer.isEmpty() ? "the whole" : pointer;
    String said =
        message.startsWith(pointer + ": ") ? message.substring(pointer.length() + 2) : message;
    return place + ": " + Texts.shortened(said.startsWith(": ") ? said.substring(2) : said);
  }
}
