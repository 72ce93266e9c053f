package dev.belay.server;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.backend.Backend;
import dev.belay.flow.backend.Backends;
import dev.belay.flow.journal.RunStore;
import dev.belay.flow.run.LocalEngine;
import dev.belay.process.Orphans;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.FlowConfig;
import dev.belay.server.store.Store;
import dev.belay.server.store.StoreRefused;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs without a server: the store of a configuration, and an engine over it. Several processes may
 * do so over one store at the same time. Safe for any number of threads.
 */
public final class FlowDesk implements AutoCloseable {
  private static final Duration OPENING = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Store store;
  private final LocalEngine engine;

  private FlowDesk(Store store, LocalEngine engine) {
    this.store = store;
    this.engine = engine;
  }

  /**
   * Opens the store, and ends what processes that are gone have left running.
   *
   * @param environment holds the keys of backends
   * @throws StoreRefused if the store cannot be used
   */
  public static FlowDesk open(BelayConfig config, Map<String, String> environment)
      throws StoreRefused, InterruptedException {
    Store store = Store.sharing(config.store());
    try {
      if (!store.await(OPENING) || store.alarm().isRaised()) {
        throw new StoreRefused(
            "the store cannot be opened: " + store.alarm().problem().orElse("it takes too long"));
      }
      Time time = Time.system();
      Orphans.sweep(GRACE, time);
      return new FlowDesk(
          store,
          engine(
              config.flow(),
              store.runs(),
              settings -> Backends.create(placed(settings, config), environment, time),
              time));
    } catch (StoreRefused | InterruptedException | RuntimeException failed) {
      store.close();
      throw failed;
    }
  }

  private static BackendSettings placed(BackendSettings settings, BelayConfig config) {
    return config.llm().isOn()
        ? settings.orAt(gateway("http://127.0.0.1:" + config.llm().gateway().port()))
        : settings;
  }

  /** Where the gateway to models speaks as OpenAI's API does. */
  static URI gateway(String address) {
    return URI.create(address + "/v1");
  }

  /** An engine as a configuration says. */
  static LocalEngine engine(
      FlowConfig config, RunStore store, Function<BackendSettings, Backend> backends, Time time) {
    FlowConfig.Cooldowns rests = config.cooldowns();
    return LocalEngine.builder(store, backends, config.files())
        .time(time)
        .patience(config.patience())
        .cooldowns(rests.margin(), rests.least(), rests.otherwise())
        .build();
  }

  /** Who carries runs out. */
  public LocalEngine engine() {
    return engine;
  }

  /** Stops what runs here so that it can be resumed, and closes the store. */
  @Override
  public void close() {
    engine.close();
    store.close();
  }
}
