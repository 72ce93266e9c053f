package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.belay.testkit.FaultyOrigin.Expectation;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads requests, notes them and replies by the script. Safe for any number of connections. */
final class OriginService implements Listener.Service {
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

  private final Supplier<Playback<ReceivedRequest, Reply>> playback;
  private final Journal<ReceivedRequest> journal;
  private final int bodyLimit;
  private final Expectation expectation;

  OriginService(
      Supplier<Playback<ReceivedRequest, Reply>> playback,
      Journal<ReceivedRequest> journal,
      int bodyLimit,
      Expectation expectation) {
    this.playback = playback;
    this.journal = journal;
    this.bodyLimit = bodyLimit;
    this.expectation = expectation;
  }

  @Override
  public void serve(Connection connection) throws IOException {
    try {
      Optional<Head> head = connection.in().head();
      while (head.isPresent() && exchange(connection, head.get())) {
        head = connection.in().head();
      }
    } catch (MalformedMessage e) {
      String answer =
          "HTTP/1.1 %d %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
              .formatted(e.status, Reason.of(e.status));
      connection.out().write(answer.getBytes(ISO_8859_1));
      connection.closeAfterDraining();
    }
  }

  private boolean exchange(Connection connection, Head head) throws IOException {
    long arrival = System.nanoTime();
    RequestLine line = RequestLine.of(head);
    Framing framing = Framing.ofRequest(head);
    boolean expects = head.holds("Expect", "100-continue");
    boolean unread = expects && expectation == Expectation.ANSWER_AT_ONCE;
    if (expects && expectation == Expectation.CONTINUE) {
      connection.out().write(CONTINUE);
    }
    Capture body = new Capture(bodyLimit);
    if (!unread) {
      connection.in().body(framing, body);
    }
    ReceivedRequest request = new ReceivedRequest(line, head, body, arrival, connection.number);
    // The step is taken before the request is published: whoever waits for the request may then
    // change the script without touching this one.
    Reply reply = playback.get().next(request);
    journal.add(request, request.size());
    boolean goesOn = reply(connection, request, reply);
    if (unread) {
      connection.closeAfterDraining();
      return false;
    }
    return goesOn;
  }

  private boolean reply(Connection connection, ReceivedRequest request, Reply reply)
      throws IOException {
    return switch (reply) {
      case Response response -> new ResponseWriter(connection, request, response).send();
      case Oddity.Echo() -> new ResponseWriter(connection, request, echo(request)).send();
      case Oddity.UpgradeEcho() -> upgrade(connection, request);
      case Oddity.Reset() -> {
        connection.reset();
        yield false;
      }
      case Oddity.Hang() -> {
        connection.hang();
        yield false;
      }
      case Oddity.Written(Writing writing) -> writing.write(wire(connection, request));
      case Oddity.Raw raw -> {
        connection.out().write(raw.bytes());
        if (raw.hangs) {
          connection.hang();
        }
        yield false;
      }
    };
  }

  private Wire wire(Connection connection, ReceivedRequest request) {
    return new Wire() {
      @Override
      public boolean keepsAlive() {
        return request.head().keepsAlive(request.version());
      }

      @Override
      public void send(byte[] bytes) throws IOException {
        connection.out().write(bytes);
      }

      @Override
      public void pause(Duration length) throws IOException {
        connection.pause(length);
      }

      @Override
      public boolean reply(Reply reply) throws IOException {
        return OriginService.this.reply(connection, request, reply);
      }
    };
  }

  private static Response echo(ReceivedRequest request) {
    return Reply.status(200)
        .header("Content-Type", "text/plain; charset=utf-8")
        .body(request.text());
  }

  private static boolean upgrade(Connection connection, ReceivedRequest request)
      throws IOException {
    Optional<String> protocol = request.header("Upgrade");
    if (protocol.isEmpty()) {
      return new ResponseWriter(connection, request, Reply.status(426)).send();
    }
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
            + protocol.get()
            + "\r\n\r\n";
    connection.out().write(head.getBytes(ISO_8859_1));
    connection.in().untilClose(connection.out()::write);
    return false;
  }
}
