package dev.belay.examples.executor;

import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** The executor itself, asked without a proxy between. Safe for any number of threads. */
final class Desk implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI executor;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Thread::startVirtualThread)
          .build();

  Desk(URI executor) {
    this.executor = executor;
  }

  /** The names of the policies in force that begin like this. */
  List<String> policies(String prefix) throws TargetFailed, InterruptedException {
    try {
      return Json.read(ask("GET", "").body()).trees("policies").stream()
          .map(policy -> name(policy))
          .filter(name -> name.startsWith(prefix))
          .toList();
    } catch (WireException wrong) {
      throw new TargetFailed("the executor's policies cannot be read", wrong);
    }
  }

  private static String name(Tree policy) {
    return policy.tree("metadata").text("name");
  }

  void remove(String name) throws TargetFailed, InterruptedException {
    var unused = ask("DELETE", "/" + name);
  }

  private HttpResponse<String> ask(String method, String path)
      throws TargetFailed, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(executor.resolve("/v1/policies" + path))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException broken) {
      throw new TargetFailed("the executor does not answer", broken);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
