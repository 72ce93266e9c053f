package dev.belay.llm.mcp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.llm.form.Redaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The end of what a program says on its standard error. Safe for any number of threads. */
final class Complaints {
  private static final int KEPT = 1_000;
  private static final int SHORTEST_SECRET = 4;

  private final List<String> secrets;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final StringBuilder end = new StringBuilder();

  /**
   * Nothing yet.
   *
   * @param secrets are taken out, since a program may repeat what it was given
   */
  Complaints(Collection<String> secrets) {
    this.secrets = secrets.stream().filter(one -> one.length() >= SHORTEST_SECRET).toList();
  }

  /** Reads all of it, or the program would stand still. */
  void listen(InputStream from) {
    try (from) {
      byte[] buffer = new byte[KEPT];
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        keep(new String(buffer, 0, count, StandardCharsets.UTF_8));
      }
    } catch (IOException gone) {
      // what was heard so far will do
    }
  }

  private void keep(String more) {
    lock.lock();
    try {
      end.append(more);
      end.delete(0, Math.max(0, end.length() - KEPT));
    } finally {
      lock.unlock();
    }
  }

  /** On one line, without secrets. */
  String words() {
    String words;
    lock.lock();
    try {
      words = end.toString();
    } finally {
      lock.unlock();
    }
    for (String secret : secrets) {
      words = words.replace(secret, Redaction.MARK);
    }
    return Redaction.text(words).strip().replaceAll("\\s+", " ");
  }
}
