package dev.belay.proxy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Requests as text. */
final class Raw {
  private Raw() {}

  /** A request in absolute form without a body; {@code headers} are whole lines. */
  static String get(URI uri, String... headers) {
    return request("GET", uri, "", headers);
  }

  static String request(String method, URI uri, String body, String... headers) {
    StringBuilder text = new StringBuilder(method + " " + uri + " HTTP/1.1\r\n");
    text.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text + "\r\n" + body;
  }

  /** A CONNECT to where that would go. */
  static String connect(URI uri, String... headers) {
    StringBuilder text = new StringBuilder("CONNECT " + uri.getRawAuthority() + " HTTP/1.1\r\n");
    text.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text + "\r\n";
  }

  static Client.Response send(Client client, URI uri, String... headers) throws IOException {
    try (Socket socket = client.open(get(uri, headers))) {
      return Client.read(socket, "GET");
    }
  }

  static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
