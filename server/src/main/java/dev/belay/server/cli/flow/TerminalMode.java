package dev.belay.server.cli.flow;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The terminal itself, by the system's own {@code stty}: its size, and keys without waiting for the
 * end of a line. Signals stay signals. Where there is none, nothing is changed.
 */
final class TerminalMode implements AutoCloseable {
  private static final Size USUAL = new Size(80, 24);

  private String before = "";
  private Size size = USUAL;
  private int asked;

  /** Columns and rows. */
  record Size(int columns, int rows) {}

  /** Keys come one by one from now on, and are not shown. */
  void keys() {
    before = stty("-g").strip();
    if (!before.isEmpty()) {
      var unused = stty("-icanon -echo min 1");
    }
  }

  /** What is typed. */
  InputStream typed() throws IOException {
    return new FileInputStream("/dev/tty");
  }

  /** How large it is; looked up now and then. */
  Size size() {
    if (asked++ % 20 == 0) {
      String[] words = stty("size").strip().split(" ", 2);
      if (words.length == 2 && words[0].matches("\\d{1,4}") && words[1].matches("\\d{1,4}")) {
        int rows = Integer.parseInt(words[0]);
        int columns = Integer.parseInt(words[1]);
        size = rows > 0 && columns > 0 ? new Size(columns, rows) : USUAL;
      }
    }
    return size;
  }

  private static String stty(String arguments) {
    try {
      Process stty =
          new ProcessBuilder("/bin/sh", "-c", "stty " + arguments + " < /dev/tty 2> /dev/null")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return stty.waitFor(1, TimeUnit.SECONDS) && stty.exitValue() == 0 ? said : "";
    } catch (IOException noShell) {
      return "";
    } catch (InterruptedException given) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  @Override
  public void close() {
    if (!before.isEmpty()) {
      var unused = stty(before);
      before = "";
    }
  }
}
