package dev.belay.llm.transcript.replay;

import java.util.random.RandomGenerator;

/** Draws the least that can be drawn, or the most, so that a range can be told from a policy. */
enum Extreme implements RandomGenerator {
  LEAST,
  MOST;

  @Override
  public long nextLong() {
    return this == LEAST ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  @Override
  public long nextLong(long bound) {
    return this == LEAST ? 0 : bound - 1;
  }

  @Override
  public long nextLong(long origin, long bound) {
    return this == LEAST ? origin : bound - 1;
  }

  @Override
  public int nextInt(int bound) {
    return this == LEAST ? 0 : bound - 1;
  }

  @Override
  public double nextDouble() {
    return this == LEAST ? 0 : Math.nextDown(1.0);
  }

  @Override
  public double nextDouble(double bound) {
    return this == LEAST ? 0 : Math.nextDown(bound);
  }
}
