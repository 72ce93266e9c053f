package dev.belay.flow.lock;

import java.util.List;

/**
 * Somebody who waits for files. Immutable.
 *
 * @param owner who waits
 * @param reads what it wants to read, normalised
 * @param writes what it wants to write, normalised
 * @param behind who must go first: those who hold what it wants, and those who came before it
 */
public record Waiting(String owner, List<String> reads, List<String> writes, List<String> behind) {

  /** Keeps copies. */
  public Waiting {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    behind = List.copyOf(behind);
  }
}
