package dev.belay.server.cli.chaos;

import dev.belay.Check;
import dev.belay.Time;
import dev.belay.chaos.trace.ServiceMap;
import dev.belay.chaos.trace.read.TraceFiles;
import dev.belay.chaos.trace.read.UnreadableSpans;
import dev.belay.chaos.wire.ServiceMapTree;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is said of a session before it begins. */
final class SessionOptions {
  @Parameters(paramLabel = "SERVICE", description = "The service that is asked.")
  private String service = "";

  @Option(names = "--trials", description = "1 to 1000; default: chaos.max_trials of the server.")
  private @Nullable Integer trials;

  @Option(
      names = "--budget",
      paramLabel = "SECONDS",
      description = "60 to 86400; default: that of the server, an hour.")
  private @Nullable Integer budget;

  @Option(
      names = "--parallel",
      paramLabel = "TRIALS",
      defaultValue = "1",
      description = "How many trials at a time, 1 to 8; default: ${DEFAULT-VALUE}.")
  private int parallel;

  @Option(names = "--seed", description = "The same seed and the same system give the same trials.")
  private @Nullable Long seed;

  @Option(
      names = "--space",
      paramLabel = "FILE",
      description = "Dimensions of one fault, as YAML or JSON.")
  private @Nullable Path space;

  @Option(
      names = "--map",
      paramLabel = "FILE",
      description = {
        "A map of services, as YAML or JSON: which calls may be struck as long as no trace shows",
        "any. Such as GET /v1/optimization/services/SERVICE/map gives."
      })
  private @Nullable Path map;

  @Option(
      names = "--traces",
      paramLabel = "PATH",
      description = {
        "A file or a directory of traces, whose calls may be struck as long as no trace of the",
        "system itself shows any: JSON of OTLP or Jaeger (.json, .jsonl), or OTLP as protobuf (.pb),",
        "also packed (.gz)."
      })
  private @Nullable Path traces;

  @Option(names = "--fresh", description = "Do not begin with what earlier sessions found.")
  private boolean fresh;

  String service() {
    return service;
  }

  private static JsonNode surveyed(Path traces) {
    try {
      ServiceMap map = TraceFiles.survey(traces, Time.system().instant());
      return JsonMapper.shared().valueToTree(ServiceMapTree.write(map));
    } catch (UnreadableSpans unreadable) {
      throw new IllegalArgumentException(unreadable.reason(), unreadable);
    }
  }

  /** As the API takes it. */
  ObjectNode body() throws IOException {
    Check.that(map == null || traces == null, "--map and --traces cannot be given together");
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("service_name", service).put("parallel_trials", parallel);
    if (trials != null) {
      body.put("max_trials", trials);
    }
    if (budget != null) {
      body.put("time_budget_sec", budget);
    }
    if (seed != null) {
      body.put("seed", seed);
    }
    if (fresh) {
      body.put("warm_start", false);
    }
    if (space != null) {
      body.set("search_space", ChaosSessions.document(space));
    }
    if (map != null) {
      body.set("service_map", ChaosSessions.document(map));
    }
    if (traces != null) {
      body.set("service_map", surveyed(traces));
    }
    return body;
  }
}
