package dev.belay.flow.lock;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;

/**
 * What an owner holds or waits for. For use under the lock of its {@link FileLocks}.
 *
 * @param granted signalled when it no longer waits
 */
record Claim(String owner, Set<PathGlob> reads, Set<PathGlob> writes, Condition granted) {

  /** Whether the two cannot hold at the same time. */
  boolean conflicts(Claim other) {
    return overlap(writes, other.writes)
        || overlap(writes, other.reads)
        || overlap(reads, other.writes);
  }

  private static boolean overlap(Set<PathGlob> left, Set<PathGlob> right) {
    return left.stream().anyMatch(mine -> right.stream().anyMatch(mine::overlaps));
  }

  /** For people, in order. */
  static List<String> names(Set<PathGlob> globs) {
    Set<String> names = new TreeSet<>();
    globs.forEach(glob -> names.add(glob.toString()));
    return List.copyOf(names);
  }

  // Two claims are the same only if they are one.
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
