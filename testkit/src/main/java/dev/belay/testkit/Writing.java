package dev.belay.testkit;

import java.io.IOException;

/**
 * A program that answers one request by itself. It runs on the thread of the connection.
 *
 * <pre>{@code
 * Reply.written(wire -> {
 *   wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".getBytes(US_ASCII));
 *   wire.pause(Duration.ofSeconds(3));
 *   wire.send("hello".getBytes(US_ASCII));
 *   return wire.keepsAlive();
 * })
 * }</pre>
 */
@FunctionalInterface
public interface Writing {

  /**
   * Answers.
   *
   * @return whether another request may follow on the connection; false closes it
   * @throws IOException to cut the connection, and when it was cut
   */
  boolean write(Wire wire) throws IOException;
}
