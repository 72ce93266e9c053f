package dev.belay.examples.shop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Which defects are planted, and which of them have shown: the truth, which no search sees. Safe
 * for any number of threads.
 */
public final class Defects {
  private final Set<Planted> planted;
  private final Set<Planted> shown = ConcurrentHashMap.newKeySet();

  private final Consumer<Planted> told;

  /** Some defects. */
  public Defects(Set<Planted> planted) {
    this(planted, defect -> {});
  }

  /** Some defects, and who is told each time that one of them shows. */
  public Defects(Set<Planted> planted, Consumer<Planted> told) {
    this.planted = Set.copyOf(planted);
    this.told = told;
  }

  /** Whether the shop is wrong here; notes that it has shown. Asked only where it would show. */
  public boolean shows(Planted defect) {
    boolean there = planted.contains(defect);
    if (there) {
      shown.add(defect);
      told.accept(defect);
    }
    return there;
  }

  /** Whether the shop is wrong here; says nothing of whether that does harm. */
  public boolean isPlanted(Planted defect) {
    return planted.contains(defect);
  }

  /** What has shown so far. */
  public Set<Planted> shown() {
    return Set.copyOf(shown);
  }
}
