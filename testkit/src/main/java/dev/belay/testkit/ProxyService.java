package dev.belay.testkit;

import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.FaultyProxy.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Plays a proxy's script on its connections, whatever they speak. */
final class ProxyService implements Listener.Service {
  private static final Misdeed.Status BANNED =
      new Misdeed.Status(Reply.status(403), Misdeed.NOT_ALLOWED);
  static final Misdeed.Status UNAUTHORISED =
      new Misdeed.Status(
          Reply.status(407).header("Proxy-Authenticate", Misdeed.CHALLENGE), Misdeed.NOT_ALLOWED);

  private final Kind kind;
  private final Supplier<Playback<ProxyRequest, Behaviour>> playback;
  private final Directory directory;
  private final Optional<Credentials> required;
  private final Tally tally;

  ProxyService(
      Kind kind,
      Supplier<Playback<ProxyRequest, Behaviour>> playback,
      Directory directory,
      Optional<Credentials> required,
      Tally tally) {
    this.kind = kind;
    this.playback = playback;
    this.directory = directory;
    this.required = required;
    this.tally = tally;
  }

  @Override
  public void serve(Connection connection) throws IOException {
    Optional<Behaviour> early = takeIf(next -> next instanceof Misdeed.AtAccept);
    if (early.isPresent() && early.get() instanceof Misdeed.AtAccept(boolean resets)) {
      atAccept(connection, resets);
      return;
    }
    switch (kind) {
      case HTTP, HTTPS -> new HttpConversation(connection, this).run();
      case SOCKS4A, SOCKS5 -> new SocksConversation(connection, this, kind).run();
    }
  }

  private boolean atAccept(Connection connection, boolean resets) throws IOException {
    if (resets) {
      tally.count(Outcome.RESET);
      connection.reset();
    } else {
      tally.count(Outcome.HUNG);
      connection.hangSilently();
    }
    return false;
  }

  Tally tally() {
    return tally;
  }

  Optional<Behaviour> takeIf(Predicate<Behaviour> test) {
    return playback.get().takeIf(test);
  }

  boolean asksForCredentials() {
    return required.isPresent();
  }

  boolean admits(Credentials shown) {
    return required.isEmpty() || required.get().equals(shown);
  }

  /** SOCKS4 has a user and no password. */
  boolean admitsUser(String user) {
    return required.isEmpty() || required.get().user().equals(user);
  }

  /** Turns down a request before the script sees it. */
  boolean turnDown(ProxyRequest request, Tongue tongue) throws IOException {
    tally.count(Outcome.UNAUTHORISED);
    tally.received(request);
    return tongue.decline(UNAUTHORISED);
  }

  /** Does what the script says; true when the connection may carry another request. */
  boolean perform(Connection connection, ProxyRequest request, Tongue tongue) throws IOException {
    // The step is taken before the request is published: whoever waits for the request may then
    // change the script without touching this one.
    Behaviour behaviour = playback.get().next(request);
    tally.received(request);
    return switch (behaviour) {
      case Forwarding how -> tongue.forward(request, how);
      case Misdeed.Status no -> decline(tongue, Outcome.DECLINED, no);
      case Misdeed.Ban ban ->
          ban.hosts().contains(request.host())
              ? decline(tongue, Outcome.BANNED, BANNED)
              : tongue.forward(request, Forwarding.PLAIN);
      case Misdeed.WrongCredentials() -> decline(tongue, Outcome.UNAUTHORISED, UNAUTHORISED);
      case Misdeed.Hang(boolean tunnelsOnly) ->
          (tunnelsOnly && !request.isTunnel())
              ? tongue.forward(request, Forwarding.PLAIN)
              : hang(connection);
      case Misdeed.AtAccept(boolean resets) -> atAccept(connection, resets);
      case Misdeed.Garbage garbage -> garbage(connection, garbage);
      case Misdeed.HalfLine() -> {
        tally.count(Outcome.GARBLED);
        tongue.half();
        yield false;
      }
    };
  }

  private boolean decline(Tongue tongue, Outcome outcome, Misdeed.Status no) throws IOException {
    tally.count(outcome);
    return tongue.decline(no);
  }

  private boolean hang(Connection connection) throws IOException {
    tally.count(Outcome.HUNG);
    connection.hang();
    return false;
  }

  private boolean garbage(Connection connection, Misdeed.Garbage garbage) throws IOException {
    tally.count(Outcome.GARBLED);
    for (byte[] piece : garbage.pieces()) {
      connection.out().write(piece);
    }
    return false;
  }

  Directory directory() {
    return directory;
  }

  /** A connection to the target, tied to that of the client. */
  Upstream connect(Connection connection, InetSocketAddress address) throws IOException {
    Upstream upstream = Upstream.connect(address);
    connection.tie(upstream);
    return upstream;
  }

  /** Says that the target cannot be reached, and why. */
  boolean fail(Tongue tongue, IOException why) throws IOException {
    tally.count(Outcome.FAILED);
    return tongue.decline(
        switch (why) {
          case SocketTimeoutException e -> new Misdeed.Status(Reply.status(504), Misdeed.EXPIRED);
          case ConnectException e -> new Misdeed.Status(Reply.status(502), Misdeed.REFUSED);
          case UnknownHostException e ->
              new Misdeed.Status(Reply.status(502), Misdeed.HOST_UNREACHABLE);
          default -> new Misdeed.Status(Reply.status(502), Misdeed.GENERAL_FAILURE);
        });
  }

  /** Opens a tunnel and carries it to its end. */
  boolean tunnel(Connection connection, ProxyRequest request, Forwarding how, Tongue tongue)
      throws IOException {
    Upstream upstream;
    try {
      upstream = connect(connection, directory.find(request));
    } catch (IOException e) {
      return fail(tongue, e);
    }
    try (upstream) {
      connection.pause(how.delay);
      tally.count(Outcome.FORWARDED);
      tongue.welcome(upstream, how.fillers);
      new Tunnel(connection, upstream, new Outlet(connection, how, tally), tally).run();
    }
    return false;
  }
}
