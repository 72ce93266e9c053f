package dev.belay.flow.lock;

import java.util.List;

/** Files that an owner may use until it closes this. Safe for any number of threads. */
public final class Held implements AutoCloseable {
  private final FileLocks locks;
  private final Claim claim;

  Held(FileLocks locks, Claim claim) {
    this.locks = locks;
    this.claim = claim;
  }

  /** Whose they are. */
  public String owner() {
    return claim.owner();
  }

  /** What may be read, normalised and without repetition. */
  public List<String> reads() {
    return Claim.names(claim.reads());
  }

  /** What may be written, normalised and without repetition. */
  public List<String> writes() {
    return Claim.names(claim.writes());
  }

  /** Gives them back, all at once; harmless if they are given back already. */
  @Override
  public void close() {
    locks.release(claim);
  }
}
