package dev.belay.proxy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The plainest client there is: bytes on a socket, one request for each connection. */
record Client(int port, int socksPort) {

  /** What came back. */
  record Response(int status, Map<String, String> headers, String body) {
    /** Several of a name are joined by a line end. */
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  Response get(URI uri) throws IOException {
    return send(uri, "GET", Map.of(), "");
  }

  Response send(URI uri, String method, Map<String, String> headers, String body)
      throws IOException {
    try (Socket socket = connect(port)) {
      write(socket, request(uri.toString(), uri, method, headers, body));
      return read(socket, method);
    }
  }

  /** A request whose answer the caller reads; close the socket. */
  Socket open(String bytes) throws IOException {
    Socket socket = connect(port);
    write(socket, bytes);
    return socket;
  }

  /** Whatever bytes, and all that comes back. */
  String raw(String bytes) throws IOException {
    try (Socket socket = connect(port)) {
      write(socket, bytes);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  Response getThroughConnect(URI uri) throws IOException {
    return throughConnect(uri, "GET", Map.of(), "");
  }

  /** {@code headers} go with the CONNECT. */
  Response throughConnect(URI uri, String method, Map<String, String> headers, String body)
      throws IOException {
    try (Socket socket = connect(port)) {
      String authority = uri.getHost() + ":" + uri.getPort();
      StringBuilder head = new StringBuilder("CONNECT " + authority + " HTTP/1.1\r\n");
      head.append("Host: ").append(authority).append("\r\n");
      headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      write(socket, head + "\r\n");
      Response answer = read(socket, "CONNECT");
      if (answer.status() != 200) {
        return answer;
      }
      write(socket, request(path(uri), uri, method, Map.of(), body));
      return read(socket, method);
    }
  }

  /** The status of a CONNECT by somebody. */
  int connect(URI uri, String user, String password) throws IOException {
    try (Socket socket = open(Raw.connect(uri, Raw.basic(user, password)))) {
      return read(socket, "CONNECT").status();
    }
  }

  /** The reply code of SOCKS 5 to somebody who wants to go there. */
  int socks(URI uri, String user, String password) throws IOException {
    try (Socket socket = connect(socksPort)) {
      OutputStream out = socket.getOutputStream();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      out.write(new byte[] {5, 1, 2});
      in.readFully(new byte[2]);
      out.write(1);
      text(out, user);
      text(out, password);
      in.readByte();
      if (in.readByte() != 0) {
        throw new IOException("wrong login");
      }
      out.write(new byte[] {5, 1, 0, 3});
      text(out, uri.getHost());
      out.write(new byte[] {(byte) (uri.getPort() >> 8), (byte) uri.getPort()});
      byte[] reply = new byte[10];
      in.readFully(reply);
      return reply[1];
    }
  }

  private static void text(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes.length);
    out.write(bytes);
  }

  Response getThroughSocks(URI uri) throws IOException {
    try (Socket socket = connect(socksPort)) {
      OutputStream out = socket.getOutputStream();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      out.write(new byte[] {5, 1, 0});
      in.readFully(new byte[2]);
      byte[] host = uri.getHost().getBytes(StandardCharsets.US_ASCII);
      out.write(new byte[] {5, 1, 0, 3, (byte) host.length});
      out.write(host);
      out.write(new byte[] {(byte) (uri.getPort() >> 8), (byte) uri.getPort()});
      byte[] reply = new byte[10];
      in.readFully(reply);
      if (reply[1] != 0) {
        return new Response(-reply[1], Map.of(), "");
      }
      write(socket, request(path(uri), uri, "GET", Map.of(), ""));
      return read(socket, "GET");
    }
  }

  Socket connect(int to) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to), 5_000);
    return socket;
  }

  private static String path(URI uri) {
    return uri.getRawQuery() == null
        ? uri.getRawPath()
        : uri.getRawPath() + "?" + uri.getRawQuery();
  }

  private static String request(
      String target, URI uri, String method, Map<String, String> headers, String body) {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    head.append("Host: ").append(uri.getHost()).append(":").append(uri.getPort()).append("\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (!body.isEmpty()) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return head + "\r\n" + body;
  }

  static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Response read(Socket socket, String method) throws IOException {
    InputStream in = socket.getInputStream();
    String[] status = line(in).split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + "\n" + other);
    }
    int code = Integer.parseInt(status[1]);
    boolean tunnel = method.equals("CONNECT") && code == 200;
    boolean none = tunnel || method.equals("HEAD") || code == 204 || code == 304 || code == 101;
    return new Response(code, headers, none ? "" : body(in, headers));
  }

  private static String body(InputStream in, Map<String, String> headers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (headers.containsKey("content-length")) {
      int length = Integer.parseInt(headers.get("content-length"));
      body.write(whole(in.readNBytes(length), length));
    } else if (headers.containsKey("transfer-encoding")) {
      for (int size = chunk(in); size > 0; size = chunk(in)) {
        body.write(whole(in.readNBytes(size), size));
        line(in);
      }
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        headers.put("trailer: " + line.substring(0, line.indexOf(':')), line);
      }
    } else {
      body.write(in.readAllBytes());
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private static byte[] whole(byte[] bytes, int length) throws IOException {
    if (bytes.length < length) {
      throw new IOException("the body ended after %d of %d".formatted(bytes.length, length));
    }
    return bytes;
  }

  private static int chunk(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection ended in the middle of a head: " + line);
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** What comes until there is no more, however it ends. */
  static String untilCut(Socket socket) {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    try {
      var unused = socket.getInputStream().transferTo(got);
    } catch (IOException reset) {
      // what had come before counts
    }
    return got.toString(StandardCharsets.ISO_8859_1);
  }
}
