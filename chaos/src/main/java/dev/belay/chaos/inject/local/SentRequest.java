package dev.belay.chaos.inject.local;

import dev.belay.chaos.Edge;
import dev.belay.chaos.inject.FaultRequest;
import java.net.http.HttpRequest;
import java.util.List;

/** A request that is on its way out. */
record SentRequest(HttpRequest request, String caller, String service) implements FaultRequest {
  @Override
  public Edge edge() {
    return new Edge(caller, service);
  }

  @Override
  public String namespace() {
    return "";
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String path() {
    String path = request.uri().getRawPath();
    String query = request.uri().getRawQuery();
    return (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().allValues(name);
  }
}
