package dev.belay.server;

import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmClientBuilder;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.mcp.ToolSettings;
import dev.belay.llm.transcript.Recorder;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.llm.transport.StreamSink;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.LlmConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the models of a configuration without a server: by the same routes, waits and checks. Safe
 * for any number of threads.
 */
public final class OneShot implements AutoCloseable {
  private final LlmConfig config;
  private final LlmWaits waits;
  private final HttpTransport transport;
  private final LlmClient client;

  /**
   * Ready to ask.
   *
   * @param recorder is told of all calls
   * @throws IOException if the models file cannot be read
   * @throws IllegalArgumentException if there is no route
   */
  public OneShot(BelayConfig belay, Recorder recorder) throws IOException {
    Time time = Time.system();
    this.config = belay.llm();
    this.waits = new LlmWaits(time, SharedRandom.INSTANCE);
    waits.use(config.models());
    this.transport = HttpTransport.builder().errors(waits).heads(waits.heads()).build();
    LlmModels models = new LlmModels(config, time, Map.of());
    LlmClientBuilder builder =
        LlmClient.builder()
            .transport(transport)
            .delays(waits.delays())
            .gates(waits.gates())
            .recorder(recorder)
            .runTools(ToolSettings.DEFAULT)
            .time(time);
    LlmRoutes.add(config, models, builder);
    this.client = builder.build();
  }

  /** The names that can be asked for, in order. */
  public List<String> routes() {
    return config.routes().stream().map(LlmConfig.Route::name).toList();
  }

  /**
   * Asks, with the checks, corrections and budget of the route and of the call.
   *
   * @param sink takes the answer piece by piece
   * @throws IllegalArgumentException if there is no such route
   */
  public CompletableFuture<LlmResult> ask(LlmCall call, StreamSink sink) {
    String name = client.route(call.request().model()).name();
    LlmConfig.Route route =
        config.routes().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    LlmCall wishes =
        call.check().isPresent()
            ? call.correctedBy(route.corrections()).within(route.budget())
            : LlmRoutes.wishes(call, route, LlmRoutes.checks(route, client));
    return client.stream(wishes.uncached(), sink);
  }

  @Override
  public void close() {
    waits.close();
    transport.close();
  }
}
