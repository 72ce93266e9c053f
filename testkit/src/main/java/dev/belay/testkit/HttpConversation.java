package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.belay.testkit.FaultyProxy.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** One client of an HTTP proxy, with the upstream that it used last. For one thread. */
final class HttpConversation {
  private final Connection connection;
  private final ProxyService service;
  private Optional<Upstream> kept = Optional.empty();

  HttpConversation(Connection connection, ProxyService service) {
    this.connection = connection;
    this.service = service;
  }

  void run() throws IOException {
    try {
      Optional<Head> head = connection.in().head();
      while (head.isPresent() && exchange(head.get())) {
        head = connection.in().head();
      }
    } catch (MalformedMessage e) {
      service.tally().count(Outcome.MALFORMED);
      String answer =
          "HTTP/1.1 %d %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
              .formatted(e.status, Reason.of(e.status));
      connection.out().write(answer.getBytes(ISO_8859_1));
      connection.closeAfterDraining();
    } finally {
      kept.ifPresent(Upstream::close);
    }
  }

  private boolean exchange(Head head) throws IOException {
    RequestLine line = RequestLine.of(head);
    boolean tunnel = line.method().equals("CONNECT");
    Target target = tunnel ? Target.ofAuthority(line.target()) : Target.ofAbsolute(line.target());
    Framing framing = tunnel ? Framing.NONE : Framing.ofRequest(head);
    Credentials shown = Credentials.ofBasic(head.first("Proxy-Authorization"));
    ProxyRequest request =
        new ProxyRequest(
            line.method(),
            target.host(),
            target.port(),
            target.byName(),
            shown.user(),
            connection.number);
    HttpExchange exchange =
        new HttpExchange(
            this,
            connection,
            service,
            new HttpExchange.Message(head, line, framing, target.path()));
    return service.admits(shown)
        ? service.perform(connection, request, exchange)
        : service.turnDown(request, exchange);
  }

  /** The upstream of the last request where it fits and still stands, else a new one. */
  Upstream upstream(ProxyRequest request) throws IOException {
    InetSocketAddress address = service.directory().find(request);
    Optional<Upstream> last = kept;
    kept = Optional.empty();
    if (last.isPresent() && last.get().address.equals(address) && last.get().isFresh()) {
      return last.get();
    }
    last.ifPresent(Upstream::close);
    return service.connect(connection, address);
  }

  /** Leaves an upstream to the next request. */
  void keep(Upstream upstream) {
    kept = Optional.of(upstream);
  }
}
