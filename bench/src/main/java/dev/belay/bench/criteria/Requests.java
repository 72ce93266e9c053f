package dev.belay.bench.criteria;

import dev.belay.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * GETs through a forward proxy on loopback, each on a virtual thread and a connection of its own.
 */
final class Requests {
  private static final int PATIENCE_MILLIS = 60_000;

  private final int port;

  Requests(int port) {
    this.port = port;
  }

  /** One answer: whether it was 200, and after how long it was there whole. */
  record Answer(boolean good, long nanos) {}

  /** An open loop: so many in a second, whatever becomes of them. */
  List<Answer> paced(int requests, double perSecond) throws InterruptedException {
    Time time = Time.system();
    long start = time.nanos();
    return send(
        requests,
        number -> {
          time.sleep(start + (long) (number / perSecond * 1e9) - time.nanos());
          return fetch(number);
        });
  }

  /** All at the same moment. */
  List<Answer> atOnce(int requests) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(requests);
    return send(
        requests,
        number -> {
          ready.countDown();
          ready.await();
          return fetch(number);
        });
  }

  private interface Sending {
    Answer send(int number) throws InterruptedException;
  }

  private static List<Answer> send(int requests, Sending sending) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> sent = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        int number = i;
        sent.add(threads.submit(() -> sending.send(number)));
      }
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> one : sent) {
        answers.add(one.get());
      }
      return answers;
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }

  private Answer fetch(int number) {
    long start = Time.system().nanos();
    boolean good = isGood(LiveWorld.target(number));
    return new Answer(good, Time.system().nanos() - start);
  }

  private boolean isGood(String host) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      String head =
          "GET http://%s/ HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host, host);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String status = in.readLine();
      boolean whole = in.lines().reduce("", (before, line) -> line).endsWith("here you are");
      return status != null && status.contains(" 200") && whole;
    } catch (IOException | java.io.UncheckedIOException failed) {
      return false;
    }
  }
}
