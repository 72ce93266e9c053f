package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** The other end of a server under test: a socket and nothing clever. */
final class Peer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 5_000;

  final Socket socket;
  private final InputStream in;

  Peer(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
  }

  Peer send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  Peer send(int... octets) throws IOException {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return send(bytes);
  }

  Peer send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  Peer get(String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
  }

  String read(int count) throws IOException {
    return new String(in.readNBytes(count), ISO_8859_1);
  }

  int[] octets(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    int[] octets = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      octets[i] = bytes[i] & 0xff;
    }
    return octets;
  }

  /** Up to and with the empty line. */
  String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) octet);
    }
    return head.toString();
  }

  String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  boolean seesEnd() throws IOException {
    return in.read() < 0;
  }

  boolean seesReset() throws IOException {
    try {
      return in.read() == -2;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
