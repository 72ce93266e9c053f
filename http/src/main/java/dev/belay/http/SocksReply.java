package dev.belay.http;

/** What a SOCKS server answers to a request; SOCKS 4 knows only yes and no. */
public enum SocksReply {
  /** The tunnel is open. */
  SUCCEEDED(0),
  /** Something went wrong. */
  GENERAL_FAILURE(1),
  /** The rules do not allow it. */
  NOT_ALLOWED(2),
  /** There is no way to the target's network. */
  NETWORK_UNREACHABLE(3),
  /** There is no way to the target. */
  HOST_UNREACHABLE(4),
  /** The target refused the connection. */
  CONNECTION_REFUSED(5),
  /** The target was not reached in time. */
  TTL_EXPIRED(6),
  /** Only CONNECT is served. */
  COMMAND_NOT_SUPPORTED(7),
  /** The target's address cannot be understood. */
  ADDRESS_NOT_SUPPORTED(8);

  private final int code;

  SocksReply(int code) {
    this.code = code;
  }

  /** The code of SOCKS 5. */
  public int code() {
    return code;
  }

  byte[] bytes(int version) {
    return version == 5
        ? new byte[] {5, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0}
        : new byte[] {0, (byte) (this == SUCCEEDED ? 0x5a : 0x5b), 0, 0, 0, 0, 0, 0};
  }
}
