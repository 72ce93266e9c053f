package dev.belay.server;

import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.inject.Aim;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.inject.client.ExecutorSettings;
import dev.belay.server.config.ChaosConfig;
import dev.belay.server.live.ExecutorUse;
import dev.belay.server.live.StillStarting;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who puts faults in force: this server itself, or an executor elsewhere. Sessions get their
 * clients here. Safe for any number of threads.
 */
final class FaultExecutor implements AutoCloseable {
  /** Whose requests the faults of a session strike is told by this member of their baggage. */
  static final String BAGGAGE = "belay-chaos";

  private static final String WATCHER = "belay-health";

  private final ChaosConfig config;
  private final Optional<String> controlToken;
  private final FaultPolicies policies;
  private final ExecutorClient.Surroundings surroundings;
  private final ExecutorUse use = new ExecutorUse();
  private volatile @Nullable URI address;

  /** Knows how an executor elsewhere is; none if that is this server. */
  private volatile @Nullable ExecutorClient watched;

  /**
   * One that nobody can be a client of yet.
   *
   * @param policies those that are in force here
   */
  FaultExecutor(
      ChaosConfig config,
      Optional<String> controlToken,
      FaultPolicies policies,
      ExecutorClient.Surroundings surroundings) {
    this.config = config;
    this.controlToken = controlToken;
    this.policies = policies;
    this.surroundings = surroundings;
  }

  /** From now on there may be clients. */
  void begin(URI control) {
    Optional<URI> elsewhere = config.executor().url();
    address = elsewhere.orElse(control);
    elsewhere.ifPresent(url -> {
      ExecutorClient client = client(settings(url, WATCHER));
      watched = client;
      client.watchHealth();
    });
  }

  /** What all that ask it have done. */
  ExecutorUse use() {
    return use;
  }

  /** What is wrong with it now, if anything is known. */
  Optional<String> unavailable() {
    return Optional.ofNullable(watched)
        .filter(client -> !client.wasWell())
        .map(client -> "the fault executor at %s is not well".formatted(address));
  }

  /**
   * How a session asks it.
   *
   * @throws StillStarting if it is not known yet where it is
   */
  ExecutorSettings settings(String owner) {
    URI known = address;
    if (known == null) {
      throw new StillStarting("the server is still starting; ask again in a moment");
    }
    return settings(known, owner);
  }

  private ExecutorSettings settings(URI address, String owner) {
    ChaosConfig.Manner manner = config.executor().manner();
    ExecutorSettings settings =
        ExecutorSettings.of(address, owner)
            .withAim(aim(owner))
            .withLease(config.executor().lease())
            .withSettle(manner.settle())
            .withPatience(manner.patience());
    Optional<String> secret =
        config.executor().url().isPresent()
            ? Optional.of(config.executor().token()).filter(text -> !text.isEmpty())
            : controlToken;
    return secret.map(settings::withToken).orElse(settings);
  }

  /** Whom the faults of one mark strike. */
  Aim aim(String mark) {
    Aim meant = strikesEverybody() ? Aim.EVERYBODY : Aim.baggage(BAGGAGE, mark);
    return meant.sparing(config.bounds().radius().protectedPaths());
  }

  /** Whether it cannot tell callers apart, so that trials must be made one at a time. */
  boolean strikesEverybody() {
    return config.executor().manner().everybody();
  }

  /** A client, which is to be given back to {@link #close(ExecutorClient)}. */
  ExecutorClient client(ExecutorSettings settings) {
    return use.counted(new ExecutorClient(settings, surroundings));
  }

  /** Gives a client back. */
  void close(ExecutorClient client) {
    use.close(client);
  }

  /** Takes back what these owners left in force, here and elsewhere. */
  void sweep(List<String> owners) throws ExecutorException, InterruptedException {
    for (String owner : owners) {
      int unused = policies.sweep(owner);
      if (config.executor().url().isPresent()) {
        ExecutorClient client = client(settings(config.executor().url().get(), owner));
        try {
          client.sweep();
        } finally {
          close(client);
        }
      }
    }
  }

  /** The executor elsewhere knows nothing of a halt here. */
  Target unlessHalted(Target target) {
    return plan -> {
      if (plan.size() > 0 && policies.isHalted()) {
        throw new TargetFailed("all faults are halted; go on with: belay chaos resume");
      }
      return target.run(plan);
    };
  }

  /** Looks after an executor elsewhere no more. */
  @Override
  public void close() {
    ExecutorClient watching = watched;
    if (watching != null) {
      close(watching);
    }
  }
}
