package dev.belay.http;

import dev.belay.http.SocksException.Reason;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of SOCKS as a pure machine: bytes in, answers out. No message of a client is
 * longer than 517 bytes, so nothing here can grow. For one thread, used once.
 */
final class SocksParser {
  private static final int NO_LOGIN = 0;
  private static final int PASSWORD = 2;
  private static final int NONE_ACCEPTABLE = 0xff;
  private static final int LONGEST_TEXT = 255;

  private final SocksLogin login;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private State state = State.VERSION;
  private @Nullable Credentials credentials;

  private enum State {
    VERSION,
    LOGIN,
    REQUEST
  }

  /** What was asked for. */
  record Asked(int version, String host, int port, @Nullable Credentials credentials) {}

  SocksParser(SocksLogin login) {
    this.login = login;
  }

  /** What is to be sent since the last time. */
  byte[] takeAnswer() {
    byte[] bytes = answer.toByteArray();
    answer.reset();
    return bytes;
  }

  /**
   * Goes on with what has arrived and takes from {@code in} what it understood.
   *
   * @return the request, or null if bytes are missing
   */
  @Nullable Asked read(ByteBuf in) {
    for (; ; ) {
      int before = in.readableBytes();
      if (before == 0) {
        return null;
      }
      Asked asked =
          switch (state) {
            case VERSION -> version(in);
            case LOGIN -> login(in);
            case REQUEST -> request(in);
          };
      if (asked != null || in.readableBytes() == before) {
        return asked;
      }
    }
  }

  private @Nullable Asked version(ByteBuf in) {
    int version = in.getByte(in.readerIndex());
    if (version == 4) {
      return socks4(in);
    }
    check(version == 5, Reason.MALFORMED, "does not speak SOCKS 4 or 5");
    methods(in);
    return null;
  }

  private void methods(ByteBuf in) {
    int at = in.readerIndex();
    if (in.readableBytes() < 2 || in.readableBytes() < 2 + in.getUnsignedByte(at + 1)) {
      return;
    }
    int count = in.getUnsignedByte(at + 1);
    boolean password = in.indexOf(at + 2, at + 2 + count, (byte) PASSWORD) >= 0;
    boolean none = in.indexOf(at + 2, at + 2 + count, (byte) NO_LOGIN) >= 0;
    in.skipBytes(2 + count);
    if (password) {
      answer.writeBytes(new byte[] {5, PASSWORD});
      state = State.LOGIN;
    } else if (none && !login.required()) {
      answer.writeBytes(new byte[] {5, NO_LOGIN});
      state = State.REQUEST;
    } else {
      answer.writeBytes(new byte[] {5, (byte) NONE_ACCEPTABLE});
      throw new SocksException(Reason.LOGIN, "the client offers no way to log in that is accepted");
    }
  }

  private @Nullable Asked login(ByteBuf in) {
    int at = in.readerIndex();
    check(in.getByte(at) == 1, Reason.MALFORMED, "logs in in an unknown way");
    int userLength = in.readableBytes() < 2 ? 0 : in.getUnsignedByte(at + 1);
    if (in.readableBytes() < 3 + userLength) {
      return null;
    }
    int passwordLength = in.getUnsignedByte(at + 2 + userLength);
    if (in.readableBytes() < 3 + userLength + passwordLength) {
      return null;
    }
    String user = in.toString(at + 2, userLength, StandardCharsets.UTF_8);
    String password = in.toString(at + 3 + userLength, passwordLength, StandardCharsets.UTF_8);
    in.skipBytes(3 + userLength + passwordLength);
    boolean ok = admit(user, password);
    answer.writeBytes(new byte[] {1, (byte) (ok ? 0 : 1)});
    check(ok, Reason.LOGIN, "did not log in with the right credentials");
    state = State.REQUEST;
    return null;
  }

  private @Nullable Asked request(ByteBuf in) {
    int at = in.readerIndex();
    if (in.readableBytes() < 5) {
      check(in.getByte(at) == 5, Reason.MALFORMED, "changed its version");
      return null;
    }
    check(in.getByte(at) == 5, Reason.MALFORMED, "changed its version");
    checkCommand(in.getByte(at + 1), 5);
    int kind = in.getByte(at + 3);
    int length =
        switch (kind) {
          case 1 -> 4;
          case 3 -> 1 + in.getUnsignedByte(at + 4);
          case 4 -> 16;
          default -> throw malformed(5, SocksReply.ADDRESS_NOT_SUPPORTED);
        };
    if (in.readableBytes() < 4 + length + 2) {
      return null;
    }
    String host =
        kind == 3
            ? in.toString(at + 5, length - 1, StandardCharsets.ISO_8859_1)
            : address(in, at + 4, length);
    int port = in.getUnsignedShort(at + 4 + length);
    in.skipBytes(4 + length + 2);
    return asked(5, host, port);
  }

  private @Nullable Asked socks4(ByteBuf in) {
    int at = in.readerIndex();
    if (in.readableBytes() < 2) {
      return null;
    }
    checkCommand(in.getByte(at + 1), 4);
    int userEnd = zero(in, at + 8);
    boolean named = in.readableBytes() >= 8 && in.getMedium(at + 4) == 0 && in.getByte(at + 7) != 0;
    int end = userEnd >= 0 && named ? zero(in, userEnd + 1) : userEnd;
    if (end < 0) {
      return null;
    }
    int port = in.getUnsignedShort(at + 2);
    String user = in.toString(at + 8, userEnd - at - 8, StandardCharsets.UTF_8);
    String host =
        named
            ? in.toString(userEnd + 1, end - userEnd - 1, StandardCharsets.ISO_8859_1)
            : address(in, at + 4, 4);
    in.readerIndex(end + 1);
    boolean ok = user.isEmpty() ? !login.required() : admit(user, "");
    if (!ok) {
      answer.writeBytes(SocksReply.NOT_ALLOWED.bytes(4));
      throw new SocksException(Reason.LOGIN, "the client did not log in");
    }
    return asked(4, host, port);
  }

  /** Where the text that starts at {@code start} ends, or -1 if that has not arrived. */
  private int zero(ByteBuf in, int start) {
    if (start >= in.writerIndex()) {
      return -1;
    }
    int end = in.indexOf(start, Math.min(in.writerIndex(), start + LONGEST_TEXT + 1), (byte) 0);
    if (end < 0 && in.writerIndex() - start > LONGEST_TEXT) {
      throw malformed(4, SocksReply.GENERAL_FAILURE);
    }
    return end;
  }

  private boolean admit(String user, String password) {
    boolean clean =
        !user.isEmpty() && (user + password).chars().noneMatch(c -> c < ' ' || c == 127);
    if (!clean) {
      return false;
    }
    Credentials given = new Credentials(user, password);
    credentials = given;
    return login.admits().test(given);
  }

  private Asked asked(int version, String host, int port) {
    if (!Hosts.isValid(host) || port == 0) {
      throw malformed(version, SocksReply.ADDRESS_NOT_SUPPORTED);
    }
    return new Asked(version, host, port, credentials);
  }

  private static String address(ByteBuf in, int at, int length) {
    byte[] bytes = new byte[length];
    in.getBytes(at, bytes);
    return Hosts.text(Hosts.address(bytes));
  }

  private void checkCommand(int command, int version) {
    if (command != 1) {
      answer.writeBytes(SocksReply.COMMAND_NOT_SUPPORTED.bytes(version));
      throw new SocksException(Reason.COMMAND, "the client asked for something else than CONNECT");
    }
  }

  private SocksException malformed(int version, SocksReply reply) {
    answer.writeBytes(reply.bytes(version));
    return new SocksException(Reason.MALFORMED, "the client asked for a malformed target");
  }

  private static void check(boolean ok, Reason reason, String what) {
    if (!ok) {
      throw new SocksException(reason, "the client " + what);
    }
  }
}
