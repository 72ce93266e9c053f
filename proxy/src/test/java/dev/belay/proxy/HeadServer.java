package dev.belay.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers each head with the same bytes without reading on, and keeps the connection; closes all
 * when closed itself.
 */
final class HeadServer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final byte[] answer;
  private volatile int answers;

  private HeadServer(String answer, int answers) throws IOException {
    this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
    this.answers = answers;
    Thread.startVirtualThread(this::accept);
  }

  static HeadServer answering(String answer) throws IOException {
    return new HeadServer(answer, Integer.MAX_VALUE);
  }

  /** Closes each connection when a second head has come. */
  static HeadServer answeringOnce(String answer) throws IOException {
    return new HeadServer(answer, 1);
  }

  /** From now on every head is answered by a close. */
  void answerNothing() {
    answers = 0;
  }

  int port() {
    return server.getLocalPort();
  }

  /** The heads that came, in order. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  int connections() {
    return sockets.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException closed) {
      // that is how it ends
    }
  }

  private void serve(Socket socket) {
    try {
      StringBuilder head = new StringBuilder();
      int answered = 0;
      for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
        head.append((char) b);
        if (head.toString().endsWith("\r\n\r\n")) {
          heads.add(head.toString());
          head.setLength(0);
          if (answered++ >= answers) {
            socket.close();
            return;
          }
          socket.getOutputStream().write(answer);
        }
      }
    } catch (IOException broken) {
      // the other side is gone
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
