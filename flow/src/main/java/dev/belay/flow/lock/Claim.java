package dev.belay.flow.lock;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;

/** What an owner holds or waits for. Mutable; for use under the lock of its {@link FileLocks}. */
final class Claim {
  private final String owner;
  private final Set<PathGlob> reads;
  private final Set<PathGlob> writes;
  private final Condition granted;
  private final Set<Claim> behind = new LinkedHashSet<>();

  Claim(String owner, Set<PathGlob> reads, Set<PathGlob> writes, Condition granted) {
    this.owner = owner;
    this.reads = Set.copyOf(reads);
    this.writes = Set.copyOf(writes);
    this.granted = granted;
  }

  String owner() {
    return owner;
  }

  Set<PathGlob> reads() {
    return reads;
  }

  Set<PathGlob> writes() {
    return writes;
  }

  /** Signalled when it no longer waits. */
  Condition granted() {
    return granted;
  }

  /** Those that came before it and cannot hold at the same time, until they are gone. */
  Set<Claim> behind() {
    return behind;
  }

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
}
