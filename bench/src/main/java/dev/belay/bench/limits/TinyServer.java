package dev.belay.bench.limits;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A service on 127.0.0.1 that costs next to nothing. Safe for any number of threads. */
final class TinyServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Handler handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private TinyServer(ServerSocket listener, Handler handler) {
    this.listener = listener;
    this.handler = handler;
  }

  /**
   * What comes in.
   *
   * @param line such as {@code GET / HTTP/1.1}
   * @param headers by their names in lower case
   */
  record Request(String line, Map<String, String> headers) {}

  /** What goes out. */
  record Answer(int status, String body) {
    static final Answer OK = new Answer(200, "well");
  }

  /** Answers a request. */
  @FunctionalInterface
  interface Handler {
    Answer handle(Request request) throws IOException, InterruptedException;
  }

  static TinyServer start(Handler handler) throws IOException {
    TinyServer server =
        new TinyServer(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), handler);
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // nobody comes any more
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        String line = line(in);
        if (line.isEmpty()) {
          return;
        }
        Map<String, String> headers = headers(in);
        in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
        Answer answer = handler.handle(new Request(line, headers));
        String text =
            "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(answer.status(), answer.body().length(), answer.body());
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException gone) {
      // so is the connection
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  /** Headers up to the empty line, by their names in lower case. */
  static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  /** A line without its end; empty at the end of all. */
  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int one = in.read(); one >= 0 && one != '\n'; one = in.read()) {
      if (one != '\r') {
        line.write(one);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
