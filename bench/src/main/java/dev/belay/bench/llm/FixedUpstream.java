package dev.belay.bench.llm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A provider that answers every chat completion with the same bytes after the same time, and looks
 * at nothing else, so that it costs next to nothing beside what is measured. Safe for any number of
 * threads.
 */
final class FixedUpstream implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  private final ServerSocket listener;
  private final Duration latency;
  private final byte[] response;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private FixedUpstream(Duration latency, byte[] response) throws IOException {
    this.latency = latency;
    this.response = response;
    this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("upstream").start(this::accept);
  }

  /**
   * Starts one on a free port.
   *
   * @param latency between the end of a request and the answer
   * @param bytes about how long the answer's text is
   */
  static FixedUpstream start(Duration latency, int bytes) throws IOException {
    String text = "{\\\"answer\\\": \\\"" + "a word ".repeat(bytes / 7) + "\\\"}";
    byte[] body =
        """
        {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
        "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],\
        "usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}\
        """
            .formatted(text)
            .getBytes(StandardCharsets.UTF_8);
    byte[] head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            .formatted(body.length)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return new FixedUpstream(latency, whole);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:%d/v1".formatted(listener.getLocalPort()));
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().name("upstream").start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // the end
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (skipRequest(in)) {
        Thread.sleep(latency);
        out.write(response);
      }
    } catch (IOException | InterruptedException gone) {
      // whoever asked has left
    } finally {
      open.remove(socket);
    }
  }

  /** Reads one request; false at the end of the connection. */
  private static boolean skipRequest(InputStream in) throws IOException {
    int length = 0;
    String line = line(in);
    if (line.isEmpty()) {
      return false;
    }
    while (!line.isEmpty()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
      line = line(in);
    }
    in.skipNBytes(length);
    return true;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
