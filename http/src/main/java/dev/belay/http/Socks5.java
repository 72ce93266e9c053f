package dev.belay.http;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The CONNECT of SOCKS 5 (RFC 1928), without a login or with user and password (RFC 1929). */
final class Socks5 implements Handshake {
  private static final int NO_LOGIN = 0;
  private static final int PASSWORD = 2;
  private static final int NONE_ACCEPTABLE = 0xff;

  private final ProxyAddress proxy;
  private final String host;
  private final int port;
  private State state = State.METHOD;

  private enum State {
    METHOD,
    LOGIN,
    REPLY
  }

  /** {@code host} is sent as an address if it is one, else as a name. */
  Socks5(ProxyAddress proxy, String host, int port) {
    this.proxy = proxy;
    this.host = host;
    this.port = port;
  }

  @Override
  public byte[] opening() {
    return proxy.credentials().isPresent()
        ? new byte[] {5, 2, NO_LOGIN, PASSWORD}
        : new byte[] {5, 1, NO_LOGIN};
  }

  @Override
  public boolean hasAsked() {
    return state == State.REPLY;
  }

  @Override
  public Step read(ByteBuf in) {
    if (in.readableBytes() < 2) {
      return MORE;
    }
    return switch (state) {
      case METHOD -> method(in);
      case LOGIN -> login(in);
      case REPLY -> reply(in);
    };
  }

  private Step method(ByteBuf in) {
    check(in.readByte() == 5, ErrorClass.PROTOCOL, "did not answer in SOCKS 5");
    int method = in.readUnsignedByte();
    check(method != NONE_ACCEPTABLE, ErrorClass.AUTH, "accepts none of our ways to log in");
    if (method == NO_LOGIN) {
      state = State.REPLY;
      return new Step.Send(request());
    }
    Credentials credentials = proxy.credentials().orElse(null);
    if (method != PASSWORD || credentials == null) {
      throw failure(
          Verdict.retry(ErrorClass.PROTOCOL, Blame.ENDPOINT), "chose a login that was not offered");
    }
    state = State.LOGIN;
    var out = new ByteArrayOutputStream();
    out.write(1);
    text(out, credentials.user());
    text(out, credentials.password());
    return new Step.Send(out.toByteArray());
  }

  private Step login(ByteBuf in) {
    int version = in.readByte();
    check(version == 1 || version == 5, ErrorClass.PROTOCOL, "did not answer in SOCKS 5");
    check(in.readByte() == 0, ErrorClass.AUTH, "did not accept user and password");
    state = State.REPLY;
    return new Step.Send(request());
  }

  private byte[] request() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {5, 1, 0});
    if (Hosts.isAddress(host)) {
      byte[] ip = Hosts.literal(host).getAddress();
      out.write(ip.length == 4 ? 1 : 4);
      out.writeBytes(ip);
    } else {
      out.write(3);
      text(out, host);
    }
    out.write(port >> 8);
    out.write(port);
    return out.toByteArray();
  }

  private Step reply(ByteBuf in) {
    int at = in.readerIndex();
    check(in.getByte(at) == 5, ErrorClass.PROTOCOL, "did not answer in SOCKS 5");
    int code = in.getUnsignedByte(at + 1);
    if (code != 0) { // some refuse with two bytes only: the rest is not waited for
      throw failure(verdict(code), "refused the tunnel with SOCKS 5 code " + code);
    }
    if (in.readableBytes() < 5) {
      return MORE;
    }
    int length =
        switch (in.getByte(at + 3)) {
          case 1 -> 4;
          case 3 -> 1 + in.getUnsignedByte(at + 4);
          case 4 -> 16;
          default ->
              throw failure(
                  Verdict.retry(ErrorClass.PROTOCOL, Blame.ENDPOINT),
                  "answered with an unknown kind of address");
        };
    if (in.readableBytes() < 4 + length + 2) {
      return MORE;
    }
    in.skipBytes(4 + length + 2);
    return OPEN;
  }

  private static Verdict verdict(int code) {
    return switch (code) {
      case 1, 7, 8 -> Verdict.retry(ErrorClass.STATUS, Blame.ENDPOINT);
      case 2 -> Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN);
      case 3, 4, 5, 6 -> Verdict.retry(ErrorClass.CONNECT, Blame.UNKNOWN);
      default -> Verdict.retry(ErrorClass.PROTOCOL, Blame.ENDPOINT);
    };
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private void check(boolean ok, ErrorClass errorClass, String wrong) {
    if (!ok) {
      throw failure(Verdict.retry(errorClass, Blame.ENDPOINT), wrong);
    }
  }

  private DialException failure(Verdict verdict, String what) {
    return new DialException(Phase.HANDSHAKE, verdict, proxy + " " + what, null);
  }
}
