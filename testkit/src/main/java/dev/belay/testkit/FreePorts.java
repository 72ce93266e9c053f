package dev.belay.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Ports of the loopback address that are free, held until the one they are for is about to listen:
 * processes that call each other must know where before anybody listens. They are below those that
 * systems give to callers, or a call might have taken one when it is wanted. For one thread.
 */
public final class FreePorts implements AutoCloseable {
  private static final int FIRST = 10_000;
  private static final int LAST = 30_000;
  private static final int TRIES = 200;

  private final List<ServerSocket> held = new ArrayList<>();
  private final RandomGenerator random = new SplittableRandom();

  /** A single one, let go at once. */
  public static int one() throws IOException {
    try (FreePorts ports = new FreePorts()) {
      return ports.next();
    }
  }

  /** One that is free. */
  public int next() throws IOException {
    for (int i = 1; true; i++) {
      int port = random.nextInt(FIRST, LAST);
      try {
        held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        return port;
      } catch (BindException taken) {
        if (i == TRIES) {
          throw taken;
        }
      }
    }
  }

  /** Lets all of them go. */
  public void release() throws IOException {
    for (ServerSocket socket : held) {
      socket.close();
    }
    held.clear();
  }

  @Override
  public void close() throws IOException {
    release();
  }
}
