package dev.belay.chaos.propose;

/** Seeds made from seeds, far apart whatever they are made from. */
public final class Seeds {
  private Seeds() {}

  /** The seed of part {@code index} of something that has a seed. */
  public static long of(long seed, long index) {
    return mix(seed + mix(index + 1) * 0x9e3779b97f4a7c15L);
  }

  private static long mix(long value) { // the finaliser of SplitMix64
    long bits = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ bits >>> 27) * 0x94d049bb133111ebL;
    return bits ^ bits >>> 31;
  }
}
