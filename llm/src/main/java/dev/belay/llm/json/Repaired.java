package dev.belay.llm.json;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * JSON as it was read by {@link JsonRepair}. Immutable.
 *
 * @param json the value
 * @param repairs what was put right, in the order of the text; the first 100
 * @param count of all repairs; 0 means that the text was strict JSON
 */
public record Repaired(Json json, List<Repair> repairs, int count) {

  /** Keeps a copy. */
  public Repaired {
    requireNonNull(json, "json");
    repairs = List.copyOf(repairs);
  }

  /** Whether anything had to be put right. */
  public boolean isRepaired() {
    return count > 0;
  }

  /** Whether the text ended before the JSON did, so that some of it is missing. */
  public boolean isTruncated() {
    return has(Repair.Kind.TRUNCATED);
  }

  /** Whether a repair of this kind is among those kept. */
  public boolean has(Repair.Kind kind) {
    return repairs.stream().anyMatch(repair -> repair.kind() == kind);
  }
}
