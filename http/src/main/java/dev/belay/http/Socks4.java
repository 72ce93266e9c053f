package dev.belay.http;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Phase;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The CONNECT of SOCKS 4, and of 4a where the target is a name. */
final class Socks4 implements Handshake {
  private static final int GRANTED = 0x5a;

  private final ProxyAddress proxy;
  private final String host;
  private final int port;

  /** {@code host} is an IPv4 address for SOCKS 4, and may be a name for 4a. */
  Socks4(ProxyAddress proxy, String host, int port) {
    this.proxy = proxy;
    this.host = host;
    this.port = port;
  }

  @Override
  public byte[] opening() {
    var out = new ByteArrayOutputStream();
    boolean address = Hosts.isAddress(host);
    // 0.0.0.x with x != 0 says that a name follows the user
    byte[] ip = address ? Hosts.literal(host).getAddress() : new byte[] {0, 0, 0, 1};
    String user = proxy.credentials().map(Credentials::user).orElse("");
    out.writeBytes(new byte[] {4, 1, (byte) (port >> 8), (byte) port});
    out.writeBytes(ip);
    out.writeBytes(user.getBytes(StandardCharsets.UTF_8));
    out.write(0);
    if (!address) {
      out.writeBytes(host.getBytes(StandardCharsets.US_ASCII));
      out.write(0);
    }
    return out.toByteArray();
  }

  @Override
  public Step read(ByteBuf in) {
    if (in.readableBytes() < 2) {
      return MORE;
    }
    int version = in.getByte(in.readerIndex());
    int code = in.getUnsignedByte(in.readerIndex() + 1);
    if (version != 0 && version != 4) { // some say 4 where the protocol says 0
      throw failure(
          Verdict.retry(ErrorClass.PROTOCOL, Blame.ENDPOINT), "did not answer in SOCKS 4");
    }
    if (code != GRANTED) {
      throw failure(verdict(code), "refused the tunnel with SOCKS 4 code " + code);
    }
    if (in.readableBytes() < 8) {
      return MORE;
    }
    in.skipBytes(8);
    return OPEN;
  }

  private static Verdict verdict(int code) {
    return switch (code) {
      case 0x5b -> Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN);
      case 0x5c, 0x5d -> Verdict.retry(ErrorClass.AUTH, Blame.ENDPOINT);
      default -> Verdict.retry(ErrorClass.PROTOCOL, Blame.ENDPOINT);
    };
  }

  private DialException failure(Verdict verdict, String what) {
    return new DialException(Phase.HANDSHAKE, verdict, proxy + " " + what, null);
  }
}
