package dev.belay.server;

import dev.belay.Time;
import dev.belay.chaos.inject.FaultPolicies;
import dev.belay.chaos.inject.client.ExecutorClient;
import dev.belay.chaos.inject.client.ExecutorException;
import dev.belay.chaos.inject.plane.ControlAddress;
import dev.belay.chaos.inject.plane.FaultFronts;
import dev.belay.chaos.inject.plane.PlaneSettings;
import dev.belay.chaos.session.Experiments;
import dev.belay.chaos.session.FileSessionStore;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.trace.read.ReadLimits;
import dev.belay.chaos.trace.receive.KeepLimits;
import dev.belay.chaos.trace.receive.PeerNames;
import dev.belay.chaos.trace.receive.TraceKeeper;
import dev.belay.chaos.trace.receive.TraceReceiver;
import dev.belay.http.Loops;
import dev.belay.server.config.ChaosConfig;
import dev.belay.server.live.ExecutorUse;
import dev.belay.server.live.FaultSweep;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions that search systems for the faults that break them, the port at which those systems
 * leave their spans, and the ports through which they call each other. Safe for any number of
 * threads.
 */
final class ChaosRoom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosRoom.class);
  private static final Duration SCHEDULE_DELAY = Duration.ofMillis(200);
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final ChaosConfig config;
  private final String controlToken;
  private final Time time;
  private final Executor threads = task -> Thread.ofVirtual().name("belay-chaos").start(task);
  private final FaultExecutor executor;
  private final TraceKeeper keeper;
  private final FileSessionStore store;
  private final Sessions sessions;
  private @Nullable TraceReceiver receiver;
  private @Nullable FaultFronts fronts;

  /**
   * A room without ports yet.
   *
   * @param policies those that are in force here
   * @param choice takes what the configuration names, and gives what sessions work with
   */
  ChaosRoom(
      ChaosConfig config,
      String controlToken,
      FaultPolicies policies,
      Time time,
      UnaryOperator<Experiments> choice) {
    this.config = config;
    this.controlToken = controlToken;
    this.time = time;
    var random = new SecureRandom();
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(threads)
            .build();
    this.keeper = new TraceKeeper(KeepLimits.DEFAULT, SCHEDULE_DELAY, time);
    this.store = new FileSessionStore(config.storage().folder());
    this.executor =
        new FaultExecutor(
            config, token(), policies, new ExecutorClient.Surroundings(time, random, threads));
    Experiments configured = new ServiceExperiments(config, executor, keeper, http, time, random);
    this.sessions =
        new Sessions(choice.apply(configured), store, config.storage().limits(), time, threads);
  }

  Sessions sessions() {
    return sessions;
  }

  /** What all that ask the fault executor have done. */
  ExecutorUse executorUse() {
    return executor.use();
  }

  /**
   * Opens the ports, and goes on with sessions that had not ended.
   *
   * @param control where this server's own control API answers
   */
  void begin(Loops loops, URI control) throws IOException, InterruptedException {
    executor.begin(control);
    PeerNames peers = PeerNames.NONE;
    if (!config.fronts().isEmpty()) {
      FaultFronts opened =
          FaultFronts.open(
              PlaneSettings.of("belay-server", config.fronts()),
              new ControlAddress(control, token()),
              config.executor().lease(),
              time);
      fronts = opened;
      peers = peers(opened.ports());
      LOG.info("fault proxies listen on {}", opened.ports());
    }
    if (config.tracesPort().isPresent()) {
      try {
        receiver =
            TraceReceiver.start(
                    loops, config.tracesPort().getAsInt(), ReadLimits.DEFAULT, peers, keeper)
                .toCompletableFuture()
                .get();
      } catch (ExecutionException taken) {
        throw new IOException(
            "chaos.traces_port %d: %s"
                .formatted(config.tracesPort().getAsInt(), String.valueOf(taken.getCause())),
            taken);
      }
    }
    sessions.resume();
  }

  /** A call that ends at a fault proxy leaves its port only. */
  private PeerNames peers(List<Integer> ports) {
    Map<Integer, String> services = new HashMap<>();
    for (int i = 0; i < ports.size(); i++) {
      services.put(ports.get(i), config.fronts().get(i).service());
    }
    return new PeerNames(services);
  }

  /** All faults are gone and none comes in: there is nothing to search any more. */
  void halted() {
    threads.execute(() -> sessions.halt("all faults are halted"));
  }

  /** As {@link FaultSweep} has it. */
  List<String> sweep(Optional<String> owner) throws ExecutorException, InterruptedException {
    List<String> owners = owner.map(List::of).orElseGet(this::over);
    executor.sweep(owners);
    return owners;
  }

  private List<String> over() {
    return sessions.list().stream()
        .filter(view -> view.state().isOver())
        .map(SessionView::id)
        .toList();
  }

  private Optional<String> token() {
    return Optional.of(controlToken).filter(text -> !text.isEmpty());
  }

  @Override
  public void close() {
    sessions.close();
    executor.close();
    if (fronts != null) {
      fronts.close();
    }
    if (receiver != null) {
      var unused = receiver.stop();
    }
    store.close();
  }
}
