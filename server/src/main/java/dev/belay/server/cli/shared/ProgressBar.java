package dev.belay.server.cli.shared;

/**
 * How far long work is: a line that moves on a terminal, a few plain ones elsewhere. Goes to where
 * errors go, so that results stay clean. For one thread at a time.
 */
public final class ProgressBar {
  private static final int WIDTH = 20;

  /** Shorter work needs no plain lines. */
  private static final int WORTH_A_LINE = 100;

  private final Terminal terminal;
  private final String what;
  private final int total;
  private int shown = -1;

  /**
   * Shows nothing yet.
   *
   * @param terminal where to
   * @param what is done, in a word or two
   * @param total how many there are to do
   */
  public ProgressBar(Terminal terminal, String what, int total) {
    this.terminal = terminal;
    this.what = what;
    this.total = total;
  }

  /**
   * Shows how far it is, unless that has hardly changed.
   *
   * @param done so many are
   * @param remark what is to be said of them
   */
  public void at(int done, String remark) {
    boolean live = terminal.hasColours();
    int percent = total == 0 ? 100 : (int) (100L * done / total);
    int step = live ? 1 : 25;
    boolean over = done >= total;
    if ((!live && total < WORTH_A_LINE) || (percent / step == shown && !over)) {
      return;
    }
    shown = percent / step;
    int bars = WIDTH * percent / 100;
    String line =
        "%s [%s%s] %d/%d  %s"
            .formatted(what, "#".repeat(bars), ".".repeat(WIDTH - bars), done, total, remark);
    terminal
        .err()
        .print((live ? "\r\u001b[K" : "") + line + (over || !live ? System.lineSeparator() : ""));
    terminal.err().flush();
  }
}
