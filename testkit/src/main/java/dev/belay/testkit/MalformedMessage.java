package dev.belay.testkit;

import java.io.IOException;

/**
 * A peer sent something that is not HTTP or SOCKS, or is too long; carries the HTTP status or the
 * SOCKS5 reply code to answer.
 */
final class MalformedMessage extends IOException {
  private static final long serialVersionUID = 1;

  final int status;

  MalformedMessage(int status, String message) {
    super(message);
    this.status = status;
  }
}
