package dev.belay.server.cli.demo;

import dev.belay.server.cli.shared.Terminal;
import java.io.PrintWriter;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far a demo is: a live line on a terminal, a few plain ones elsewhere. Safe for any number of
 * threads.
 */
final class LiveLine {
  private final Terminal terminal;
  private final ReentrantLock printing = new ReentrantLock();
  private int shown = -1;

  LiveLine(Terminal terminal) {
    this.terminal = terminal;
  }

  /** In the phase {@code side}, {@code done} of {@code all} are over, {@code good} well. */
  void at(String side, int done, int good, int all) {
    PrintWriter err = terminal.err();
    int percent = 100 * done / all;
    int step = terminal.hasColours() ? 1 : 25;
    printing.lock();
    try {
      if (percent / step == shown && done < all) {
        return;
      }
      shown = done == all ? -1 : percent / step;
      int bars = percent / 5;
      String line =
          "%-16s [%s%s] %d/%d  good %d %%"
              .formatted(
                  side, "#".repeat(bars), ".".repeat(20 - bars), done, all, 100 * good / done);
      err.print(terminal.hasColours() && done < all ? "\r" + line : line(line));
      err.flush();
    } finally {
      printing.unlock();
    }
  }

  private String line(String text) {
    return (terminal.hasColours() ? "\r" : "") + text + System.lineSeparator();
  }
}
