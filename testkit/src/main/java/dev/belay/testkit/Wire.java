package dev.belay.testkit;

import java.io.IOException;
import java.time.Duration;

/** The way back to whoever sent a request. For the thread of its connection. */
public interface Wire {

  /** Whether the peer would send another request on this connection. */
  boolean keepsAlive();

  /**
   * Sends these bytes as they are, at once.
   *
   * @throws IOException when the connection was cut
   */
  void send(byte[] bytes) throws IOException;

  /**
   * Waits, 0 or longer.
   *
   * @throws IOException when the server was closed meanwhile
   */
  void pause(Duration length) throws IOException;

  /**
   * Goes on as that reply says; {@link Reply#reset} and {@link Reply#hang} also make sense after
   * bytes were sent.
   *
   * @return whether another request may follow
   * @throws IOException when the connection was cut
   */
  boolean reply(Reply reply) throws IOException;
}
