package dev.belay.server.cli.proxy;

import dev.belay.Time;
import dev.belay.http.Loops;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.health.HealthReport;
import dev.belay.proxy.health.HealthSettings.Probe;
import dev.belay.proxy.health.NetworkCheck;
import dev.belay.proxy.health.Validation;
import dev.belay.server.cli.shared.ProgressBar;
import dev.belay.server.cli.shared.Terminal;
import io.vertx.core.net.ClientSSLOptions;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Checks proxies from here, some at once, and shows how far it is. For one thread. */
final class Checks implements AutoCloseable {
  private final Terminal terminal;
  private final Loops loops;
  private final NetworkCheck check;

  Checks(Terminal terminal, Probe probe) {
    this.terminal = terminal;
    int threads = Runtime.getRuntime().availableProcessors();
    this.loops = Loops.inBackground(threads);
    this.check =
        new NetworkCheck(loops.vertx(), probe, new ClientSSLOptions(), Time.system(), threads);
  }

  /** Waits for all of them; the reports come in the order of the proxies. */
  List<HealthReport> run(List<ProxyAddress> proxies, int parallel) throws InterruptedException {
    ProgressBar bar = new ProgressBar(terminal, "checked", proxies.size());
    AtomicInteger working = new AtomicInteger();
    Validation validation =
        Validation.start(
            proxies,
            check,
            parallel,
            (done, total, report) -> {
              if (report.isWorking()) {
                working.incrementAndGet();
              }
              bar.at(done, "working %d".formatted(working.get()));
            });
    try {
      return validation.reports().toCompletableFuture().get();
    } catch (InterruptedException interrupted) {
      validation.cancel();
      throw interrupted;
    } catch (ExecutionException broken) {
      throw new CompletionException(broken.getCause());
    }
  }

  @Override
  public void close() {
    var unused = check.close().eventually(() -> loops.vertx().close());
  }
}
