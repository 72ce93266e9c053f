package dev.belay.server.remote;

import java.io.Serial;

/** A server that did not do what it was asked; the message says why, and what to do about it. */
public final class ControlFailed extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  ControlFailed(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The status of the answer; 0 if there was none. */
  public int status() {
    return status;
  }

  /** The server's word for the error, {@code PROXY_NOT_FOUND}, say; empty if there was none. */
  public String code() {
    return code;
  }
}
