package dev.belay.bench.limits;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One kept connection over which the same request goes again and again. For one thread. */
final class Caller implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final byte[] request;

  /**
   * What came back.
   *
   * @param status its status
   * @param isStruck whether a fault did something to it
   */
  record Answer(int status, boolean isStruck) {}

  /**
   * Connects.
   *
   * @param header a whole one, or empty
   */
  Caller(int port, String header) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
    String line = header.isEmpty() ? "" : header + "\r\n";
    request =
        "GET /price HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n"
            .formatted(line)
            .getBytes(StandardCharsets.ISO_8859_1);
  }

  Answer call() throws IOException {
    socket.getOutputStream().write(request);
    String line = TinyServer.line(in);
    if (line.isEmpty()) {
      throw new EOFException("the connection was closed");
    }
    Map<String, String> headers = TinyServer.headers(in);
    in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
    return new Answer(
        Integer.parseInt(line.split(" ", 3)[1]), headers.containsKey("x-fault-injected"));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
