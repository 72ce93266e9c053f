package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.FaultyProxy.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/** One client of a SOCKS proxy: version 4, 4a or 5 (RFC 1928, RFC 1929). For one thread. */
final class SocksConversation implements Tongue {
  private static final int LONGEST_TEXT = 255;
  private static final int NO_CREDENTIALS = 0;
  private static final int USER_AND_PASSWORD = 2;
  private static final int NOTHING_FITS = 0xff;
  private static final int CONNECT = 1;
  private static final int UNKNOWN_COMMAND = 7;
  private static final int UNKNOWN_ADDRESS = 8;

  private final Connection connection;
  private final ProxyService service;
  private final Kind kind;

  SocksConversation(Connection connection, ProxyService service, Kind kind) {
    this.connection = connection;
    this.service = service;
    this.kind = kind;
  }

  void run() throws IOException {
    try {
      int version = in().octet();
      int expected = kind == Kind.SOCKS5 ? 5 : 4;
      if (version != expected) {
        throw new MalformedMessage(400, "SOCKS" + expected + " only, was version " + version);
      }
      if (kind == Kind.SOCKS5) {
        five();
      } else {
        four();
      }
    } catch (MalformedMessage e) {
      service.tally().count(Outcome.MALFORMED);
      if (e.status == UNKNOWN_COMMAND || e.status == UNKNOWN_ADDRESS) {
        decline(new Misdeed.Status(Reply.status(501), e.status));
      }
    }
  }

  private WireReader in() {
    return connection.in();
  }

  private void four() throws IOException {
    int command = in().octet();
    int port = port();
    byte[] address = in().octets(4);
    String user = textUntilZero();
    boolean named = address[0] == 0 && address[1] == 0 && address[2] == 0 && address[3] != 0;
    String host =
        named
            ? textUntilZero().toLowerCase(Locale.ROOT)
            : InetAddress.getByAddress(address).getHostAddress();
    if (command != CONNECT) {
      throw new MalformedMessage(UNKNOWN_COMMAND, "only CONNECT, was command " + command);
    }
    request(host, port, user, service.admitsUser(user));
  }

  private void five() throws IOException {
    byte[] offered = in().octets(in().octet());
    Optional<Behaviour> wrong = service.takeIf(next -> next instanceof Misdeed.WrongCredentials);
    int method = method(offered, wrong.isPresent() || service.asksForCredentials());
    if (method == NOTHING_FITS) {
      service.tally().count(Outcome.UNAUTHORISED);
    }
    connection.out().write(new byte[] {5, (byte) method});
    if (method == NOTHING_FITS) {
      return;
    }
    String user = "";
    if (method == USER_AND_PASSWORD) {
      Credentials shown = credentials();
      user = shown.user();
      service.tally().user(user);
      boolean admitted = wrong.isEmpty() && service.admits(shown);
      if (!admitted) {
        service.tally().count(Outcome.UNAUTHORISED);
      }
      connection.out().write(new byte[] {1, (byte) (admitted ? 0 : 1)});
      if (!admitted) {
        return;
      }
    }
    request(user);
  }

  private static int method(byte[] offered, boolean asks) {
    int second = NOTHING_FITS;
    for (byte method : offered) {
      if (method == NO_CREDENTIALS && !asks) {
        return NO_CREDENTIALS;
      }
      if (method == USER_AND_PASSWORD) {
        second = USER_AND_PASSWORD;
      }
    }
    return second;
  }

  private Credentials credentials() throws IOException {
    int version = in().octet();
    if (version != 1) {
      throw new MalformedMessage(400, "version 1 of the authentication only, was " + version);
    }
    String user = new String(in().octets(in().octet()), UTF_8);
    return new Credentials(user, new String(in().octets(in().octet()), UTF_8));
  }

  private void request(String user) throws IOException {
    int version = in().octet();
    int command = in().octet();
    int reserved = in().octet();
    int type = in().octet();
    if (version != 5 || reserved != 0) {
      throw new MalformedMessage(400, "not a SOCKS5 request");
    }
    String host =
        switch (type) {
          case 1 -> InetAddress.getByAddress(in().octets(4)).getHostAddress();
          case 3 -> new String(in().octets(in().octet()), ISO_8859_1).toLowerCase(Locale.ROOT);
          case 4 -> InetAddress.getByAddress(in().octets(16)).getHostAddress();
          default -> throw new MalformedMessage(UNKNOWN_ADDRESS, "unknown address type " + type);
        };
    int port = port();
    if (command != CONNECT) {
      throw new MalformedMessage(UNKNOWN_COMMAND, "only CONNECT, was command " + command);
    }
    request(host, port, user, true);
  }

  private void request(String host, int port, String user, boolean admitted) throws IOException {
    boolean named = new Target(host, port, "").byName();
    ProxyRequest request = new ProxyRequest("CONNECT", host, port, named, user, connection.number);
    if (admitted) {
      service.perform(connection, request, this);
    } else {
      service.turnDown(request, this);
    }
  }

  private int port() throws IOException {
    return in().octet() << 8 | in().octet();
  }

  private String textUntilZero() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int octet = in().octet(); octet != 0; octet = in().octet()) {
      text.write(octet);
      if (text.size() > LONGEST_TEXT) {
        throw new MalformedMessage(400, "a text longer than " + LONGEST_TEXT + " bytes");
      }
    }
    return text.toString(UTF_8);
  }

  @Override
  public boolean forward(ProxyRequest request, Forwarding how) throws IOException {
    return service.tunnel(connection, request, how, this);
  }

  @Override
  public void welcome(Upstream upstream, int fillers) throws IOException {
    connection.out().write(reply(0, upstream.localPort()));
  }

  @Override
  public boolean decline(Misdeed.Status no) throws IOException {
    connection.pause(no.response().course().delay());
    connection.out().write(reply(no.code(), 0));
    return false;
  }

  @Override
  public void half() throws IOException {
    connection.out().write(reply(0, 0), 0, 2);
  }

  /** SOCKS4 says 90 for yes and 91 for every no; 93 is "your user is another", not used here. */
  private byte[] reply(int code, int port) {
    if (kind == Kind.SOCKS5) {
      ByteBuffer reply = ByteBuffer.allocate(10).put((byte) 5).put((byte) code).put((byte) 0);
      return reply.put((byte) 1).put(new byte[] {127, 0, 0, 1}).putShort((short) port).array();
    }
    ByteBuffer reply = ByteBuffer.allocate(8).put((byte) 0).put((byte) (code == 0 ? 90 : 91));
    return reply.putShort((short) port).put(new byte[] {127, 0, 0, 1}).array();
  }
}
