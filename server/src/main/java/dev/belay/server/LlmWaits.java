package dev.belay.server;

import dev.belay.Time;
import dev.belay.llm.ProviderError;
import dev.belay.llm.delay.ArmTelemetry;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.ErrorTable;
import dev.belay.llm.delay.Flag;
import dev.belay.llm.delay.GateListener;
import dev.belay.llm.delay.GateRules;
import dev.belay.llm.delay.Gates;
import dev.belay.llm.delay.ModelsFile;
import dev.belay.llm.delay.Rollout;
import dev.belay.llm.delay.RolloutDelays;
import dev.belay.llm.delay.SettingsWatch;
import dev.belay.llm.provider.ErrorReader;
import dev.belay.llm.provider.WireError;
import dev.belay.llm.transport.HeadListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long is waited after which failure: as the models file says, which may change at any time, or
 * as usual. Lives as long as the server, whatever routes it has. Safe for any number of threads.
 */
final class LlmWaits implements ErrorReader, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LlmWaits.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final ModelsFile USUAL =
      new ModelsFile(
          DelaySettings.DEFAULT,
          ModelsFile.NONE.errors(),
          ModelsFile.NONE.quotas(),
          ModelsFile.NONE.onQuotaExhaustion(),
          ModelsFile.NONE.fallbacks());

  private final Time time;
  private final Executor threads = task -> Thread.ofVirtual().name("belay-llm-waits").start(task);
  private final Gates gates;
  private final RolloutDelays delays;
  private volatile @Nullable Watched watched;
  private volatile Errors errors = new Errors(USUAL, ErrorTable.builtIn());

  private record Watched(Path path, SettingsWatch watch) {}

  private record Errors(ModelsFile from, ErrorTable table) {}

  /**
   * The usual waits, until {@link #use} says otherwise.
   *
   * @throws IllegalArgumentException if the switch in the environment cannot be read
   */
  LlmWaits(Time time, RandomGenerator random) {
    this.time = time;
    this.gates = new Gates(GateRules.DEFAULT, time, threads);
    Rollout rollout = new Rollout(this::settings, Rollout.environment(), time);
    this.delays = new RolloutDelays(rollout, this::settings, random, ArmTelemetry.empty());
  }

  /**
   * Goes by another file, or by none. The same one is left alone: it is watched anyway.
   *
   * @throws IOException if it cannot be read; what held before holds on
   */
  void use(Optional<Path> models) throws IOException {
    Watched before = watched;
    if (before != null && models.isPresent() && models.get().equals(before.path)) {
      return;
    }
    watched =
        models.isEmpty()
            ? null
            : new Watched(models.get(), new SettingsWatch(models.get(), LOOK_EVERY, time, threads));
    if (before != null) {
      before.watch.close();
    }
    if (before != null || models.isPresent()) {
      LOG.info("waits of models: {}", models.map(Path::toString).orElse("the usual ones"));
    }
  }

  private ModelsFile file() {
    Watched now = watched;
    return now == null ? USUAL : now.watch.get();
  }

  private DelaySettings settings() {
    return file().delays();
  }

  /** Why the file as it is now is not in force; empty if it is, or there is none. */
  Optional<String> problem() {
    Watched now = watched;
    return now == null ? Optional.empty() : now.watch.problem();
  }

  RolloutDelays delays() {
    return delays;
  }

  Gates gates() {
    return gates;
  }

  /** Teaches the gates, unless the switch is off: then nothing of this runs. */
  HeadListener heads() {
    GateListener listener = new GateListener(gates, this::settings, time);
    return (endpoint, status, headers, arrived) -> {
      if (delays.rollout().flag() != Flag.OFF) {
        listener.heard(endpoint, status, headers, arrived);
      }
    };
  }

  @Override
  public ProviderError read(String provider, WireError error, Instant arrived) {
    ModelsFile now = file();
    Errors last = errors;
    if (!last.from.equals(now)) {
      last = new Errors(now, ErrorTable.builtIn().with(now.errors()));
      errors = last;
    }
    return last.table.read(provider, error, arrived);
  }

  @Override
  public void close() {
    Watched now = watched;
    if (now != null) {
      now.watch.close();
    }
  }
}
