package dev.belay.chaos.trace.receive;

import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.read.SpanReader;
import dev.belay.chaos.trace.read.UnreadableSpans;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of exporters. */
final class Door implements Handler<HttpServerRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);
  private static final String PATH = "/v1/traces";
  private static final int MOST_AT_ONCE = 32;

  private final AtomicInteger underWay = new AtomicInteger();
  private final SpanReader reader;
  private final TraceKeeper keeper;
  private final PeerNames peers;
  private final Vertx vertx;

  Door(SpanReader reader, PeerNames peers, TraceKeeper keeper, Vertx vertx) {
    this.reader = reader;
    this.peers = peers;
    this.keeper = keeper;
    this.vertx = vertx;
  }

  @Override
  public void handle(HttpServerRequest request) {
    String type = Media.type(request.getHeader("content-type"));
    boolean json = type.equals(Media.JSON);
    if (!PATH.equals(request.path())) {
      refuse(request, new Answer(404, "there is only " + PATH), json);
    } else if (!HttpMethod.POST.equals(request.method())) {
      request.response().putHeader("allow", "POST");
      refuse(request, new Answer(405, "use POST"), json);
    } else if (!Media.isKnown(type)) {
      refuse(
          request,
          new Answer(415, "content-type must be %s or %s".formatted(Media.PROTOBUF, Media.JSON)),
          json);
    } else if (!Media.isKnownPacking(request.getHeader("content-encoding"))) {
      refuse(request, new Answer(415, "content-encoding must be gzip or identity"), json);
    } else if (isTooLong(request)) {
      refuse(request, Answer.TOO_LARGE, json);
    } else if (underWay.incrementAndGet() > MOST_AT_ONCE) {
      underWay.decrementAndGet();
      refuse(request, Answer.BUSY, json);
    } else {
      take(request, json);
    }
  }

  /** Answers without reading the body, so that the connection cannot be used again. */
  private static void refuse(HttpServerRequest request, Answer answer, boolean json) {
    request.response().putHeader("connection", "close");
    answer.send(request.response(), json);
  }

  private boolean isTooLong(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    if (length == null) {
      return false;
    }
    try {
      return Long.parseLong(length) > reader.limits().bytes();
    } catch (NumberFormatException notOne) {
      return true;
    }
  }

  private void take(HttpServerRequest request, boolean json) {
    Arrival arrival = new Arrival(request, json);
    request.handler(arrival::chunk);
    request.exceptionHandler(cut -> arrival.leave());
    request.endHandler(end -> arrival.whole());
  }

  /** One request whose body comes in. For its event loop. */
  private final class Arrival {
    private final HttpServerRequest request;
    private final boolean json;
    private final Buffer body = Buffer.buffer();
    private boolean left;

    Arrival(HttpServerRequest request, boolean json) {
      this.request = request;
      this.json = json;
    }

    private void chunk(Buffer chunk) {
      if (left) {
        return;
      }
      if (body.length() + chunk.length() > reader.limits().bytes()) {
        leave();
        refuse(request, Answer.TOO_LARGE, json);
      } else {
        body.appendBuffer(chunk);
      }
    }

    private void whole() {
      if (left) {
        return;
      }
      // Large batches take milliseconds, in which a loop would serve nobody.
      var unused =
          vertx
              .executeBlocking(() -> read(body.getBytes(), json), false)
              .onComplete(done -> {
                leave();
                Answer answer = done.succeeded() ? done.result() : new Answer(500, "see the log");
                answer.send(request.response(), json);
              });
    }

    /** Makes room for another request. */
    private void leave() {
      if (!left) {
        left = true;
        underWay.decrementAndGet();
      }
    }
  }

  private Answer read(byte[] body, boolean json) {
    try {
      List<Span> spans = json ? reader.json(body) : reader.protobuf(body);
      keeper.add(spans.stream().map(peers::named).toList());
      return Answer.OK;
    } catch (UnreadableSpans unreadable) {
      LOG.warn("spans refused: {}", unreadable.reason());
      return unreadable.tooLarge() ? Answer.TOO_LARGE : new Answer(400, unreadable.reason());
    }
  }
}
