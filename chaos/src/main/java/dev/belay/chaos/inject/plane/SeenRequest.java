package dev.belay.chaos.inject.plane;

import dev.belay.chaos.Edge;
import dev.belay.chaos.inject.FaultRequest;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that came in at a front. For its event loop. */
final class SeenRequest implements FaultRequest {
  private final Front front;
  private final String callerHeader;
  private final HttpServerRequest request;
  private @Nullable Edge edge;

  SeenRequest(Front front, String callerHeader, HttpServerRequest request) {
    this.front = front;
    this.callerHeader = callerHeader;
    this.request = request;
  }

  @Override
  public Edge edge() {
    Edge known = edge;
    if (known == null) {
      known = new Edge(front.caller().orElseGet(this::named), front.service());
      edge = known;
    }
    return known;
  }

  /** Who says nothing is no caller that a rule could name. */
  private String named() {
    String name = request.getHeader(callerHeader);
    return name == null || name.isBlank() ? Edge.ANY : name.strip();
  }

  @Override
  public String namespace() {
    return front.namespace();
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    return OriginForm.of(request.uri());
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }
}
