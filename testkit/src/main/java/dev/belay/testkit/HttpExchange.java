package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.belay.testkit.FaultyProxy.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One request to an HTTP proxy and what becomes of it. For one thread. */
final class HttpExchange implements Tongue {
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(ISO_8859_1);
  private static final WireReader.Sink NOWHERE = (bytes, from, count) -> {};

  /** A request as far as it has been read; the path is what its target will see. */
  record Message(Head head, RequestLine line, Framing framing, String path) {}

  private final HttpConversation conversation;
  private final Connection connection;
  private final ProxyService service;
  private final Head head;
  private final RequestLine line;
  private final Framing framing;
  private final String path;

  HttpExchange(
      HttpConversation conversation, Connection connection, ProxyService service, Message message) {
    this.conversation = conversation;
    this.connection = connection;
    this.service = service;
    this.head = message.head();
    this.line = message.line();
    this.framing = message.framing();
    this.path = message.path();
  }

  @Override
  public boolean decline(Misdeed.Status no) throws IOException {
    invite();
    connection.in().body(framing, NOWHERE);
    return answer(no.response());
  }

  private boolean answer(Response response) throws IOException {
    ReceivedRequest request =
        new ReceivedRequest(line, head, new Capture(0), System.nanoTime(), connection.number);
    return new ResponseWriter(connection, request, response).send();
  }

  /** The proxy itself asks for a body that waits: what its target would say comes too late. */
  private void invite() throws IOException {
    if (head.holds("Expect", "100-continue")) {
      connection.out().write(CONTINUE);
    }
  }

  @Override
  public void half() throws IOException {
    connection.out().write("HTTP/1.1 20".getBytes(ISO_8859_1));
  }

  @Override
  public void welcome(Upstream upstream, int fillers) throws IOException {
    StringBuilder welcome = new StringBuilder("HTTP/1.1 200 Connection established\r\n");
    ResponseWriter.append(welcome, Response.fillers(fillers).toList());
    connection.out().write(welcome.append("\r\n").toString().getBytes(ISO_8859_1));
  }

  @Override
  public boolean forward(ProxyRequest request, Forwarding how) throws IOException {
    if (request.isTunnel()) {
      return service.tunnel(connection, request, how, this);
    }
    Upstream upstream;
    try {
      upstream = conversation.upstream(request);
    } catch (IOException e) {
      return service.fail(this, e);
    }
    invite();
    boolean keeps = false;
    try {
      keeps = relay(upstream, how);
    } finally {
      if (!keeps) {
        upstream.close();
      }
    }
    if (keeps) {
      conversation.keep(upstream);
    }
    return keeps;
  }

  private boolean relay(Upstream upstream, Forwarding how) throws IOException {
    boolean whole = send(upstream);
    Head answer;
    int status;
    try {
      answer = finalHead(upstream);
      status = answer.status();
    } catch (IOException e) {
      service.tally().count(Outcome.FAILED);
      answer(Reply.status(502).closing());
      connection.closeAfterDraining();
      return false;
    }
    connection.pause(how.delay);
    service.tally().count(Outcome.FORWARDED);
    Outlet outlet = new Outlet(connection, how, service.tally());
    if (status == 101) {
      byte[] switching = text(answer.startLine(), answer.headers());
      outlet.accept(switching, 0, switching.length);
      new Tunnel(connection, upstream, outlet, service.tally()).run();
      return false;
    }
    Framing framed = Framing.ofResponse(answer, status, line.method());
    StringBuilder fillers = new StringBuilder();
    ResponseWriter.append(fillers, Response.fillers(how.fillers).toList());
    pass(upstream.in(), answerBytes(answer, fillers), framed, outlet);
    if (!whole) {
      connection.closeAfterDraining();
      return false;
    }
    return !(framed instanceof Framing.UntilClose)
        && head.keepsAlive(line.version())
        && answer.keepsAlive(answer.startLine().substring(0, 8));
  }

  /** Sends the request; false when the target took only a part of it, and may say why. */
  private boolean send(Upstream upstream) throws IOException {
    List<Header> headers = head.headers().stream().filter(HttpExchange::isPassedOn).toList();
    byte[] bytes = text(line.method() + " " + path + " " + line.version(), headers);
    boolean[] broken = {false};
    OutputStream out = upstream.out();
    WireReader.Sink sink =
        (piece, from, count) -> {
          service.tally().up(count);
          try {
            out.write(piece, from, count);
          } catch (IOException e) {
            broken[0] = true;
            throw e;
          }
        };
    try {
      pass(connection.in(), bytes, framing, sink);
    } catch (IOException e) {
      if (!broken[0]) {
        throw e;
      }
    }
    return !broken[0];
  }

  private static boolean isPassedOn(Header header) {
    return switch (header.name().toLowerCase(Locale.ROOT)) {
      case "proxy-authorization", "proxy-connection", "expect" -> false;
      default -> true;
    };
  }

  private static Head finalHead(Upstream upstream) throws IOException {
    while (true) {
      Optional<Head> answer = upstream.in().head();
      if (answer.isEmpty()) {
        throw new IOException("the target closed instead of answering");
      }
      int status = answer.get().status();
      if (status >= 200 || status == 101) {
        return answer.get();
      }
    }
  }

  private static byte[] answerBytes(Head answer, StringBuilder fillers) {
    byte[] plain = text(answer.startLine(), answer.headers());
    if (fillers.isEmpty()) {
      return plain;
    }
    String kept = new String(plain, 0, plain.length - LINE_END.length, ISO_8859_1);
    return (kept + fillers + "\r\n").getBytes(ISO_8859_1);
  }

  private static byte[] text(String startLine, List<Header> headers) {
    StringBuilder text = new StringBuilder(512).append(startLine).append("\r\n");
    ResponseWriter.append(text, headers);
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  /** Passes a message on: in one write where the body is there already, else as it comes. */
  private static void pass(WireReader in, byte[] head, Framing framing, WireReader.Sink to)
      throws IOException {
    Optional<byte[]> whole = in.withBody(head, framing);
    if (whole.isPresent()) {
      to.accept(whole.get(), 0, whole.get().length);
      return;
    }
    to.accept(head, 0, head.length);
    if (framing instanceof Framing.Chunked) {
      in.body(framing, (bytes, from, count) -> chunk(to, bytes, from, count));
      to.accept(LAST_CHUNK, 0, LAST_CHUNK.length);
    } else {
      in.body(framing, to);
    }
  }

  /** Chunks are cut anew, by what has arrived; trailers end here. */
  private static void chunk(WireReader.Sink to, byte[] bytes, int from, int count)
      throws IOException {
    byte[] size = Integer.toHexString(count).getBytes(ISO_8859_1);
    byte[] chunk = new byte[size.length + count + 2 * LINE_END.length];
    System.arraycopy(size, 0, chunk, 0, size.length);
    System.arraycopy(LINE_END, 0, chunk, size.length, LINE_END.length);
    System.arraycopy(bytes, from, chunk, size.length + LINE_END.length, count);
    System.arraycopy(LINE_END, 0, chunk, chunk.length - LINE_END.length, LINE_END.length);
    to.accept(chunk, 0, chunk.length);
  }
}
