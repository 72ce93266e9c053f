package dev.belay.chaos.inject.local;

import com.sun.net.httpserver.HttpExchange;
import dev.belay.chaos.Edge;
import dev.belay.chaos.inject.FaultRequest;
import java.util.List;
import java.util.Optional;

/** A request that came in at a server. */
record ServedRequest(HttpExchange exchange, String service) implements FaultRequest {
  /** The header in which callers say who they are, as for fault proxies. */
  private static final String CALLER = "x-belay-caller";

  @Override
  public Edge edge() {
    String caller =
        headers(CALLER).stream()
            .findFirst()
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .orElse(Edge.ANY);
    return new Edge(caller, service);
  }

  @Override
  public String namespace() {
    return "";
  }

  @Override
  public String method() {
    return exchange.getRequestMethod();
  }

  @Override
  public String path() {
    return exchange.getRequestURI().toString(); // as it was sent
  }

  @Override
  public List<String> headers(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().get(name)).orElse(List.of());
  }
}
