package dev.belay.testkit;

import java.io.IOException;

/** Passes bytes both ways until both ends have said they are done, or one breaks. */
final class Tunnel {
  private final Connection connection;
  private final Upstream upstream;
  private final Outlet outlet;
  private final Tally tally;

  Tunnel(Connection connection, Upstream upstream, Outlet outlet, Tally tally) {
    this.connection = connection;
    this.upstream = upstream;
    this.outlet = outlet;
    this.tally = tally;
  }

  /** Carries the bytes up on this thread, and those down on another one. */
  void run() throws IOException {
    outlet.cutIfSpent();
    Thread down = connection.spawn("down", () -> either(this::down));
    either(this::up);
    try {
      down.join();
    } catch (InterruptedException stop) {
      upstream.close(); // only closing the server interrupts its threads
    }
  }

  private interface Way {
    void carry() throws IOException;
  }

  private void either(Way way) {
    try {
      way.carry();
    } catch (IOException e) {
      // One end broke, or the script cut it: the other one learns it by a close.
      upstream.close();
      connection.cut();
    }
  }

  private void up() throws IOException {
    connection
        .in()
        .untilClose((bytes, from, count) -> {
          tally.up(count);
          upstream.out().write(bytes, from, count);
        });
    upstream.endOutput();
  }

  private void down() throws IOException {
    upstream.in().untilClose(outlet);
    connection.endOutput();
  }
}
