package dev.belay.chaos.inject.local;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.belay.chaos.inject.Actions;
import dev.belay.chaos.inject.Doings;
import dev.belay.chaos.inject.Struck;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Strikes what a server is asked. Safe for any number of threads. */
final class FaultFilter extends Filter {
  private final LocalFaults faults;
  private final String service;

  FaultFilter(LocalFaults faults, String service) {
    this.faults = faults;
    this.service = service;
  }

  @Override
  public String description() {
    return "lets the faults happen that are in force for " + service;
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    Optional<Struck> struck = faults.struck(new ServedRequest(exchange, service));
    if (struck.isEmpty()) {
      chain.doFilter(exchange);
      return;
    }
    Doings doings = struck.get().doings();
    try {
      faults.time().sleep(TimeUnit.MILLISECONDS.toNanos(doings.delayMs()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server ends");
    }
    if (doings.reset()) {
      throw new SocketException("reset by a fault"); // the server closes the connection for it
    }
    exchange.getResponseHeaders().set(Struck.HEADER, struck.get().kinds());
    if (doings.abort().isPresent()) {
      answer(exchange, doings.abort().get());
    } else {
      StruckExchange altered = new StruckExchange(exchange, doings, faults.time());
      try {
        chain.doFilter(altered);
      } finally {
        altered.breakOff();
      }
    }
  }

  private static void answer(HttpExchange exchange, Actions.Abort abort) throws IOException {
    byte[] body = abort.body().orElse(Struck.BODY).getBytes(StandardCharsets.UTF_8);
    boolean without =
        abort.status() == 204
            || abort.status() == 304
            || exchange.getRequestMethod().equals("HEAD")
            || body.length == 0;
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    exchange.sendResponseHeaders(abort.status(), without ? -1 : body.length);
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      if (!without) {
        out.write(body);
      }
    }
  }
}
