package dev.belay.server.cli.proxy;

import dev.belay.server.cli.shared.ProgressBar;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.server.remote.Control;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Has a running server check its proxies, some at once, and shows how far it is. */
final class ServerChecks {
  private static final int AT_ONCE = 32;

  private ServerChecks() {}

  /** What the server found, in the order of the ids. */
  static List<JsonNode> run(Terminal terminal, Control control, List<String> ids)
      throws InterruptedException {
    ProgressBar bar = new ProgressBar(terminal, "checked", ids.size());
    List<JsonNode> found = new ArrayList<>();
    int working = 0;
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<JsonNode>> checks = new ArrayList<>();
      for (String id : ids) {
        checks.add(threads.submit(() -> check(control, id)));
      }
      for (Future<JsonNode> check : checks) {
        JsonNode one = await(check, threads);
        working += one.path("working").asBoolean(false) ? 1 : 0;
        found.add(one);
        bar.at(found.size(), "working %d".formatted(working));
      }
    }
    return found;
  }

  private static JsonNode check(Control control, String id) throws InterruptedException {
    return control.post(
        ProxyListVerb.PATH + "/" + Control.encode(id) + "/check",
        JsonNodeFactory.instance.objectNode());
  }

  private static JsonNode await(Future<JsonNode> check, ExecutorService threads)
      throws InterruptedException {
    try {
      return check.get();
    } catch (InterruptedException interrupted) {
      threads.shutdownNow();
      throw interrupted;
    } catch (ExecutionException failed) {
      threads.shutdownNow();
      if (failed.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new CompletionException(failed.getCause());
    }
  }
}
